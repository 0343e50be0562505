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
    TEXT,
    TIMESTAMP,
    BigInteger,
    Column,
    ColumnElement,
    Select,
    Table,
    TextClause,
    any_,
    bindparam,
    func,
    select,
    update,
)

from core.database import db
from core.events import Event


@dataclass(frozen=True, slots=True)
class Crowd:
    """The table of one kind of subject, what is open in it, and its column of next dates.

    `winds`: of an event that paused a promise, brought one of its own or chose anew; a subject
    without one had a straight life (see sla.recalculation.straight).
    """

    table: Table
    still_open: TextClause
    due: str
    winds: TextClause

    @property
    def _id(self) -> Column[Any]:
        return self.table.c["id"]

    def open_after(self, after: int, limit: int) -> list[int]:
        """Ids of open ones in their order."""
        wanted = select(self._id).where(self.still_open, self._id > after)
        return list(db.session.scalars(wanted.order_by(self._id).limit(limit)))

    def those(self, ids: Sequence[int], limit: int, reached: Select[bool]) -> list[int]:
        """The first of these ids, in their order, of which something is there. Looked at one by
        one: a plan that joins would read the whole of the other table for a few."""
        near = func.unnest(bindparam("near", list(ids), ARRAY(BigInteger)))
        one = reached.correlate(self.table).limit(1).scalar_subquery()
        wanted = select(self._id).where(self._id.in_(select(near)), one)
        return list(db.session.scalars(wanted.order_by(self._id).limit(limit)))

    def few(self, most: int) -> bool:
        """Are at most so many open? No more are counted."""
        some = select(self._id).where(self.still_open).limit(most + 1).subquery()
        return int(db.session.scalar(select(func.count()).select_from(some)) or 0) <= most

    def span(self) -> tuple[int, int]:
        """The first and the last id of all, open or not; 0 where there is none."""
        first, last = db.session.execute(select(func.min(self._id), func.max(self._id))).one()
        return first or 0, last or 0

    def open_of(self, ids: Sequence[int], there: Select[bool] | None = None) -> list[int]:
        """Those of these ids that are open (and of which something is there), in their order.
        Looked at one by one, as `those` does."""
        near = func.unnest(bindparam("near", list(ids), ARRAY(BigInteger)))
        wanted = select(self._id).where(self._id.in_(select(near)), self.still_open)
        if there is not None:
            wanted = wanted.where(there.correlate(self.table).limit(1).scalar_subquery())
        return list(db.session.scalars(wanted.order_by(self._id)))

    def count(self, there: ColumnElement[bool] | None = None) -> int:
        """How many are open (and something is true of them)."""
        wanted = select(func.count()).select_from(self.table).where(self.still_open)
        return int(db.session.scalar(wanted if there is None else wanted.where(there)) or 0)

    def spread(self, every: int, there: Select[bool] | None = None) -> list[int]:
        """Each so-many-th of the open ones (of which something is there), spread evenly by id."""
        place = func.row_number().over(order_by=self._id).label("place")
        numbered = select(self._id.label("of"), place).where(self.still_open)
        if there is not None:
            numbered = numbered.where(there.correlate(self.table).exists())
        named = numbered.subquery()
        wanted = select(named.c.of).where(named.c.place % every == 0)
        return list(db.session.scalars(wanted.order_by(named.c.of)))

    def held(self, ids: Sequence[int]) -> set[int]:
        """Those of them that nobody else holds; they are held from now on."""
        mine = self._id == any_(bindparam("ids", list(ids), ARRAY(BigInteger)))
        wanted = select(self._id).where(mine).order_by(self._id)
        return set(db.session.scalars(wanted.with_for_update(skip_locked=True)))

    def winding(self, subjects: Sequence[str]) -> set[str]:
        """Those of them that had another life than a straight one."""
        mine = Event.subject == any_(bindparam("subjects", list(subjects), ARRAY(TEXT)))
        wanted = select(Event.subject).where(mine, self.winds)
        return set(db.session.scalars(wanted))

    def keep(self, dues: Mapping[int, datetime | None]) -> None:
        """Keep the date of each by which lists are ordered."""
        ids = bindparam("ids", list(dues), ARRAY(BigInteger))
        moments = bindparam("moments", list(dues.values()), ARRAY(TIMESTAMP(timezone=True)))
        new = func.unnest(ids, moments).table_valued("of", "at", name="new").render_derived()
        was = self.table.c[self.due]
        moved = was.is_distinct_from(new.c["at"])
        kept = update(self.table).where(self._id == new.c.of, moved).values({self.due: new.c["at"]})
        db.session.execute(kept)
