"""Who gets an account: checked first, then added. Nothing here commits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts import kinds, passwords
from accounts.login import normal_email
from accounts.models import User
from accounts.rules.access import Role
from core import clock, events
from core.database import db
from core.errors import Invalid
from core.events import Entry
from core.i18n import gettext

NAME_MOST = 120
EMAIL_MOST = 254
EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who may be given an account: checked, the password hashed."""

    name: str
    email: str
    password_hash: str


def newcomer(*, name: str, email: str, password: str) -> Newcomer:
    """Check who is to be added; outside of any transaction, for hashing is slow.

    Raises Invalid with the fields "name", "email" and "password" at once.
    """
    name, email = " ".join(name.split()), normal_email(email)
    wrong = _wrong_fields(name, email)
    try:
        passwords.require_good(password, (name, email))
    except Invalid as error:
        wrong.update(error.fields)
    if wrong:
        raise Invalid(gettext("This account was not added yet."), fields=wrong)
    return Newcomer(name, email, passwords.hashed(password))


def create_user(who: Newcomer, *, roles: Iterable[Role] = (), actor: str = "system") -> User:
    """Add an account. Raises Invalid with the field "email" if it has one meanwhile."""
    user = User(
        name=who.name,
        email=who.email,
        password_hash=who.password_hash,
        roles=sorted(set(roles)),
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as error:  # somebody added the same address a moment ago
        raise _taken() from error
    added = [Entry(kinds.USER_CREATED, user.ref, actor, clock.now())]
    given = {role.value: "GIVEN" for role in user.role_set}
    if given:
        added.append(Entry(kinds.ROLES_CHANGED, user.ref, actor, clock.now(), given))
    events.append(added)
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
