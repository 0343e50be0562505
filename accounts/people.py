"""Administrators' acts on accounts: give roles and passwords, shut off. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select, text

from accounts import kinds, passwords, sessions
from accounts.login import normal_email
from accounts.models import User
from accounts.rules.access import Role
from core import clock, events
from core.database import db
from core.errors import Conflict, NotFound
from core.event_kinds import Kind
from core.events import Entry
from core.i18n import gettext

PAGE = 50


def set_roles(user_id: int, roles: Iterable[Role], *, actor: str) -> User:
    """Give and take roles; screens that are open ask for their rights anew.

    Raises NotFound, or Conflict if nobody active would be left to administer.
    """
    _one_at_a_time()
    user = _locked(user_id)
    before, after = user.role_set, frozenset(roles)
    if before == after:
        return user
    if Role.ADMIN in before - after:
        _keep_an_admin(user)
    user.roles = sorted(after)
    changes = {role.value: "GIVEN" for role in after - before}
    changes |= {role.value: "TAKEN" for role in before - after}
    _record(kinds.ROLES_CHANGED, user, actor, **changes)
    sessions.close_sockets([row.key for row in sessions.open_sessions(user.id)])
    return user


def deactivate(user_id: int, *, actor: str) -> User:
    """Shut an account off: its sessions and screens end at once, what it did stays.

    Raises NotFound, or Conflict if nobody active would be left to administer.
    """
    _one_at_a_time()
    user = _locked(user_id)
    if user.active:
        if Role.ADMIN in user.role_set:
            _keep_an_admin(user)
        user.active = False
        sessions.end_sessions(user.id)
        _record(kinds.USER_DEACTIVATED, user, actor)
    return user


def reactivate(user_id: int, *, actor: str) -> User:
    """Open a shut account again; its old sessions stay ended."""
    user = _locked(user_id)
    if not user.active:
        user.active = True
        _record(kinds.USER_REACTIVATED, user, actor)
    return user


def new_password(user_id: int, password: str) -> str:
    """The hash of a password for this account; outside of any transaction, for it is slow.

    Raises Invalid with the field "password", or NotFound.
    """
    user = find(user_id)
    passwords.require_good(password, (user.name, user.email))
    return passwords.hashed(password)


def give_password(user_id: int, password_hash: str, *, actor: str) -> User:
    """A new password from an administrator, for whoever forgot theirs; all sessions end."""
    user = _locked(user_id)
    user.password_hash = password_hash
    sessions.end_sessions(user.id)
    _record(kinds.PASSWORD_CHANGED, user, actor)
    return user


def find(user_id: int) -> User:
    """The account. Raises NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound(gettext("There is no such person here."))
    return user


def by_email(email: str) -> User | None:
    """The account with this address, however it is typed."""
    found: User | None = db.session.scalars(
        select(User).where(User.email == normal_email(email))
    ).one_or_none()
    return found


def page(after: int = 0, size: int = PAGE) -> tuple[Sequence[User], int | None]:
    """People in the order they were added, and where the next page begins (None at the end)."""
    rows = db.session.scalars(
        select(User).where(User.id > after).order_by(User.id).limit(size + 1)
    ).all()
    return rows[:size], rows[size - 1].id if len(rows) > size else None


def _locked(user_id: int) -> User:
    user = db.session.get(User, user_id, with_for_update=True, populate_existing=True)
    if user is None:
        raise NotFound(gettext("There is no such person here."))
    return user


def _one_at_a_time() -> None:
    """Two administrators who shut each other off at once must not both succeed."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('administrators', 0))"))


def _keep_an_admin(leaving: User) -> None:
    others = select(User.id).where(
        User.active, User.roles.contains([Role.ADMIN.value]), User.id != leaving.id
    )
    if db.session.scalars(others.limit(1)).first() is None:
        raise Conflict(
            gettext("This is the only administrator left. Make somebody else one first.")
        )


def _record(kind: Kind, user: User, actor: str, **data: int | str) -> None:
    events.append([Entry(kind, user.ref, actor, clock.now(), data)])
