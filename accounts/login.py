"""Signing in and out, and passwords. Nothing here commits."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sqlalchemy import select

from accounts import kinds, passwords, sessions
from accounts.models import User
from accounts.rules.access import Role, Viewer
from core import clock, events
from core.database import db
from core.errors import Invalid
from core.event_kinds import Kind
from core.events import Entry
from core.i18n import gettext

LONGEST = 400  # letters of an address that are looked at; no address has as many


class WrongPassword(Invalid):
    """Unknown, shut off and mistyped look alike, and take as long."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh session: its token goes into a cookie and nowhere else."""

    token: str
    email: str
    roles: frozenset[Role]


def normal_email(typed: str) -> str:
    """The one form in which addresses are stored and compared."""
    return unicodedata.normalize("NFKC", typed[:LONGEST].replace("\x00", "")).strip().casefold()


def log_in(email: str, password: str, device: str) -> Opened:
    """Open a session. Raises WrongPassword; counting the tries is the entry point's part."""
    user = _by_email(email)
    seen_hash = user.password_hash if user else None
    good = passwords.fits(password, seen_hash if user and user.active else None)
    if user is None or not good:
        raise _wrong()
    # Meanwhile somebody may have shut the account off or changed the password.
    locked = _locked(user.id)
    if not locked.active or locked.password_hash != seen_hash:
        raise _wrong()
    if passwords.ages(locked.password_hash):
        locked.password_hash = passwords.hashed(password)
    token = sessions.open_session(locked, device)
    _record(kinds.USER_LOGGED_IN, locked, locked.ref)
    return Opened(token, locked.email, locked.role_set)


def log_out(viewer: Viewer) -> None:
    """End this one session and its screens."""
    for row in sessions.open_sessions(viewer.id):
        if row.key == viewer.session_key:
            row.ended_at = clock.now()
            sessions.close_sockets([row.key])


def end_everywhere(viewer: Viewer) -> int:
    """End all sessions of a person, this one too; returns how many."""
    user = _locked(viewer.id)
    count = sessions.end_sessions(user.id)
    _record(kinds.SESSIONS_ENDED, user, viewer.ref, count=count)
    return count


def change_password(viewer: Viewer, old: str, new: str, again: str) -> None:
    """Give oneself another password; every other session of theirs ends.

    Raises Invalid with the fields "old", "password" or "again".
    """
    user = _locked(viewer.id)
    if not passwords.fits(old, user.password_hash):
        sentence = gettext("This is not your present password.")
        raise WrongPassword(sentence, fields={"old": sentence})
    if new != again:
        sentence = gettext("The two new passwords differ. Please type the same one twice.")
        raise Invalid(sentence, fields={"again": sentence})
    passwords.require_good(new, (user.name, user.email))
    user.password_hash = passwords.hashed(new)
    sessions.end_sessions(user.id, but=viewer.session_key)
    _record(kinds.PASSWORD_CHANGED, user, viewer.ref)


def _by_email(email: str) -> User | None:
    found: User | None = db.session.scalars(
        select(User).where(User.email == normal_email(email))
    ).one_or_none()
    return found


def _locked(user_id: int) -> User:
    return db.session.get_one(User, user_id, with_for_update=True, populate_existing=True)


def _record(kind: Kind, user: User, actor: str, **data: int | str) -> None:
    events.append([Entry(kind, user.ref, actor, clock.now(), data)])


def _wrong() -> WrongPassword:
    return WrongPassword(gettext("The e-mail address or the password is not right."))
