"""Subjects of one kind by the hundred: which are open, and holding them without waiting.

Whoever moves promises must not hold up people's acts, nor wait for them while it holds something
itself: what is held by somebody else is left for later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Column,
    Table,
    TextClause,
    bindparam,
    func,
    select,
    update,
)

from core.database import db


@dataclass(frozen=True, slots=True)
class Crowd:
    """The table of one kind of subject, what is open in it, and its column of next dates."""

    table: Table
    still_open: TextClause
    due: str

    @property
    def _id(self) -> Column[Any]:
        return self.table.c["id"]

    def open_after(self, after: int, limit: int) -> list[int]:
        """Ids of open ones in their order."""
        wanted = select(self._id).where(self.still_open, self._id > after)
        return list(db.session.scalars(wanted.order_by(self._id).limit(limit)))

    def count(self) -> int:
        """How many are open."""
        found = db.session.scalar(
            select(func.count()).select_from(self.table).where(self.still_open)
        )
        return int(found or 0)

    def spread(self, every: int) -> list[int]:
        """Each so-many-th of the open ones, spread evenly by id."""
        place = func.row_number().over(order_by=self._id).label("place")
        numbered = select(self._id.label("of"), place).where(self.still_open).subquery()
        wanted = select(numbered.c.of).where(numbered.c.place % every == 0)
        return list(db.session.scalars(wanted.order_by(numbered.c.of)))

    def held(self, ids: Sequence[int]) -> set[int]:
        """Those of them that nobody else holds; they are held from now on."""
        wanted = select(self._id).where(self._id.in_(ids)).order_by(self._id)
        return set(db.session.scalars(wanted.with_for_update(skip_locked=True)))

    def keep(self, dues: Mapping[int, datetime | None]) -> None:
        """Keep the date of each by which lists are ordered."""
        ids = bindparam("ids", list(dues), ARRAY(BigInteger))
        moments = bindparam("moments", list(dues.values()), ARRAY(TIMESTAMP(timezone=True)))
        new = func.unnest(ids, moments).table_valued("of", "at", name="new").render_derived()
        kept = update(self.table).where(self._id == new.c.of).values({self.due: new.c["at"]})
        db.session.execute(kept)
