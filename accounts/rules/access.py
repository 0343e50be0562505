"""Roles, and who somebody is to the rules of every feature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person does at the office; an account without a role is a citizen's."""

    AGENT = "AGENT"  # answers
    SUPERVISOR = "SUPERVISOR"  # is told of breaches
    ADMIN = "ADMIN"  # sets up
    COUNTER = "COUNTER"  # files on behalf, checks completeness
    OFFICER = "OFFICER"  # handles permits
    VERIFIER = "VERIFIER"  # reviews for a technical agency
    REVENUE = "REVENUE"  # bills (Bapenda)
    APPROVER = "APPROVER"  # approves (Kasi, Kabid, Sekretaris)
    SIGNATORY = "SIGNATORY"  # signs
    INSPECTOR = "INSPECTOR"  # handles illegal levies
    LEADER = "LEADER"  # reads all figures, answers the last appeal


STAFF = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person as rules see them: values only, safe to keep past a commit."""

    id: int
    name: str
    roles: frozenset[Role]
    email: str = ""
    locale: str = "id"
    session_key: str = ""  # "s:<hex>", the name of this session to sockets
    unnoted: bool = False  # its session has not been noted as in use for some minutes

    @property
    def ref(self) -> str:
        return f"user:{self.id}"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who opened one thing with its code and PIN; `ref` is that thing."""

    ref: str
    session_key: str = ""  # "g:<hex>"


def roles_of(words: Iterable[str]) -> frozenset[Role]:
    """Stored words as roles; what is no role (any more) gives no right."""
    known = {role.value for role in Role}
    return frozenset(Role(word) for word in words if word in known)


def is_staff(roles: Iterable[Role]) -> bool:
    """Anyone with a role works here."""
    return bool(STAFF.intersection(roles))


def has_any(roles: Iterable[Role], wanted: Iterable[Role]) -> bool:
    """True if one of the wanted roles is there; nobody fits an empty wish."""
    return bool(frozenset(roles).intersection(wanted))
