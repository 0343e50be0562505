"""Everybody of the office by id, kept in memory: pages say names without asking for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from accounts.models import User
from core.database import db
from core.storage.kept import kept


@dataclass(frozen=True, slots=True)
class Colleague:
    id: int
    name: str
    active: bool


@kept("users")
def everybody() -> Mapping[int, Colleague]:
    """In the order of their names, those who have left too."""
    rows = db.session.execute(select(User.id, User.name, User.active).order_by(User.name, User.id))
    return {row.id: Colleague(*row) for row in rows}


def name_of(user_id: int | None) -> str | None:
    """None if there is nobody with this id."""
    found = everybody().get(user_id) if user_id is not None else None
    return found.name if found else None


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """The names behind those refs that are people's ("user:3")."""
    found = {ref: name_of(int(ref[5:])) for ref in set(refs) if ref.startswith("user:")}
    return {ref: name for ref, name in found.items() if name is not None}
