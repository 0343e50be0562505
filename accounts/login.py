"""Signing in and out, and passwords. Nothing here commits.

A password is proved before the transaction that believes it, because hashing is slow and a
transaction holds a connection; what may have changed in between is compared again under the lock.
"""

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
class Proof:
    """Whose password fitted which hash: good for as long as that hash holds. `renewed` is the hash
    to be stored from now on, if there is another one."""

    user_id: int
    password_hash: str
    renewed: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh session: its token goes into a cookie and nowhere else."""

    token: str
    email: str
    roles: frozenset[Role]


def normal_email(typed: str) -> str:
    """The one form in which addresses are stored and compared."""
    return unicodedata.normalize("NFKC", typed[:LONGEST].replace("\x00", "")).strip().casefold()


def prove(email: str, password: str) -> Proof:
    """Whose address and password these are; outside of any transaction, for it is slow.

    Raises WrongPassword; counting the tries is the entry point's part.
    """
    found = db.session.execute(
        select(User.id, User.password_hash).where(User.email == normal_email(email), User.active)
    ).one_or_none()
    good = passwords.fits(password, found.password_hash if found else None)
    if found is None or not good:
        raise _wrong()
    aged = passwords.ages(found.password_hash)
    return Proof(found.id, found.password_hash, passwords.hashed(password) if aged else None)


def log_in(proof: Proof, device: str) -> Opened:
    """Open a session. Raises WrongPassword if the account was shut off or got another password
    since it was proved."""
    locked = _locked(proof.user_id)
    if not locked.active or locked.password_hash != proof.password_hash:
        raise _wrong()
    if proof.renewed is not None:
        locked.password_hash = proof.renewed
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


def choose_password(viewer: Viewer, old: str, new: str, again: str) -> Proof:
    """What `change_password` stores; outside of any transaction, for it is slow.

    Raises Invalid with the fields "old", "password" or "again".
    """
    stored = db.session.execute(select(User.password_hash).where(User.id == viewer.id)).scalar_one()
    if not passwords.fits(old, stored):
        raise _not_the_present_one()
    if new != again:
        sentence = gettext("The two new passwords differ. Please type the same one twice.")
        raise Invalid(sentence, fields={"again": sentence})
    passwords.require_good(new, (viewer.name, viewer.email))
    return Proof(viewer.id, stored, passwords.hashed(new))


def change_password(viewer: Viewer, proof: Proof) -> None:
    """Give oneself another password; every other session of theirs ends.

    Raises WrongPassword if it was changed since the present one was proved.
    """
    user = _locked(viewer.id)
    if proof.renewed is None or user.password_hash != proof.password_hash:
        raise _not_the_present_one()
    user.password_hash = proof.renewed
    sessions.end_sessions(user.id, but=viewer.session_key)
    _record(kinds.PASSWORD_CHANGED, user, viewer.ref)


def choose_letters(viewer: Viewer, wanted: bool) -> None:
    """Whether one is mailed what one is told on screen."""
    user = _locked(viewer.id)
    if user.letters != wanted:
        _record(
            kinds.USER_LETTERS_CHOSEN, user, viewer.ref, wanted=int(wanted), was=int(user.letters)
        )
        user.letters = wanted


def wants_letters(viewer: Viewer) -> bool:
    return bool(db.session.scalar(select(User.letters).where(User.id == viewer.id)))


def _locked(user_id: int) -> User:
    return db.session.get_one(User, user_id, with_for_update=True, populate_existing=True)


def _record(kind: Kind, user: User, actor: str, **data: int | str) -> None:
    events.append([Entry(kind, user.ref, actor, clock.now(), data)])


def _wrong() -> WrongPassword:
    return WrongPassword(gettext("The e-mail address or the password is not right."))


def _not_the_present_one() -> WrongPassword:
    sentence = gettext("This is not your present password.")
    return WrongPassword(sentence, fields={"old": sentence})
