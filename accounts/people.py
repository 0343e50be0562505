"""Administrators' acts on accounts: add, give roles, shut off. Nothing here commits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from accounts import kinds, passwords, sessions
from accounts.login import normal_email
from accounts.models import User
from accounts.rules.access import Role
from core import clock, events
from core.database import db
from core.errors import Conflict, Invalid, NotFound
from core.event_kinds import Kind
from core.events import Entry
from core.i18n import gettext

NAME_MOST = 120
EMAIL_MOST = 254
EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+")
PAGE = 50


def create_user(
    *, name: str, email: str, password: str, roles: Iterable[Role] = (), actor: str = "system"
) -> User:
    """Add an account. Raises Invalid with the fields "name", "email" and "password" at once."""
    name, email = " ".join(name.split()), normal_email(email)
    wrong = _wrong_fields(name, email)
    try:
        passwords.require_good(password, (name, email))
    except Invalid as error:
        wrong.update(error.fields)
    if wrong:
        raise Invalid(gettext("This account was not added yet."), fields=wrong)
    user = User(
        name=name,
        email=email,
        password_hash=passwords.hashed(password),
        roles=sorted(set(roles)),
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as error:  # somebody added the same address a moment ago
        raise _taken() from error
    _record(kinds.USER_CREATED, user, actor)
    given = {role.value: "GIVEN" for role in user.role_set}
    if given:
        _record(kinds.ROLES_CHANGED, user, actor, **given)
    return user


def _wrong_fields(name: str, email: str) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not name or "\x00" in name:
        wrong["name"] = gettext("Please write the person's name.")
    elif len(name) > NAME_MOST:
        wrong["name"] = gettext("Please use at most %(most)d characters.", most=NAME_MOST)
    if len(email) > EMAIL_MOST or not EMAIL.fullmatch(email):
        wrong["email"] = gettext("This is not an e-mail address, such as name@office.go.id.")
    elif db.session.scalar(select(User.id).where(User.email == email)) is not None:
        wrong.update(_taken().fields)
    return wrong


def _taken() -> Invalid:
    sentence = gettext("There is an account with this e-mail address already.")
    return Invalid(sentence, fields={"email": sentence})


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


def give_password(user_id: int, password: str, *, actor: str) -> User:
    """A new password from an administrator, for whoever forgot theirs; all sessions end."""
    user = _locked(user_id)
    passwords.require_good(password, (user.name, user.email))
    user.password_hash = passwords.hashed(password)
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
