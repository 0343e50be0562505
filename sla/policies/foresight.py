"""What a version of a policy would do to open promises, if it bound what is open from now on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, Table, Text, cast, func, literal, select

from sla import book
from sla.book import Book, Version
from sla.models import PolicyVersion, TimerRow
from sla.recalculation import foreseeing
from sla.recalculation.foreseeing import Foresight
from sla.recalculation.sampling import Among

DRAFT = -1


def foresee(row: PolicyVersion, at: datetime) -> Foresight:
    """`row`: the version as it would be stored; it is not. Only subjects whose running promises
    stand under the same policy are looked at, for no other is moved."""
    return foreseeing.foresee(with_version(row, at), at, under(row.key))


def with_version(row: PolicyVersion, at: datetime) -> Book:
    """The rulebook in which a version binds what is open from a moment on."""
    real = book.current()
    said = replace(book.policy_of(row), id=DRAFT)
    number = max((v.number for v in real.versions if v.key == row.key), default=0) + 1
    version = Version(DRAFT, row.key, number, row.position, at, True)
    return replace(
        real,
        policies={**real.policies, DRAFT: said},
        versions=(*real.versions, version),
        starts=(*real.starts, at),
    )


def under(key: str) -> Among:
    """A row for each running promise of a subject under a policy."""
    ids = [v.id for v in book.current().versions if v.key == key]

    def of_kind(prefix: str, table: Table) -> Select[bool]:
        return select(literal(True)).where(
            TimerRow.subject == func.concat(literal(f"{prefix}:"), cast(table.c["id"], Text)),
            TimerRow.policy_id.in_(ids),
            TimerRow.stopped_at.is_(None),
        )

    return of_kind
