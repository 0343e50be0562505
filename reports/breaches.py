"""Which promises were broken, how late they were, and who held the ticket at that moment.

Read from stored timers by the index of breaches, newest first; nothing is counted in Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from core import keyset
from core.database import db
from core.errors import Invalid
from core.i18n import gettext
from reports.periods import Period
from sla import book

PAGE = 50


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken promise. `stopped_at` None: it is still owed."""

    timer_id: int
    number: str
    title: str
    metric: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    calendar_id: int
    wall: bool
    queue: str
    holder: str | None

    def late(self, now: datetime) -> timedelta:
        """How late, in all hours of the day."""
        return (self.stopped_at or now) - self.due_at

    def late_at_work(self, now: datetime) -> timedelta:
        """How late in the promise's own time: office hours, or all hours where it counts all."""
        if self.wall:
            return self.late(now)
        return (
            book.current().calendar(self.calendar_id).elapsed(self.due_at, self.stopped_at or now)
        )


# A ticket is found by its key, so that a page costs the same among millions of tickets.
TICKET = "CASE WHEN starts_with(t.subject, 'ticket:') THEN CAST(substr(t.subject, 8) AS bigint) END"

_ROWS = text(
    f"""
    SELECT t.id, t.metric, t.started_at, t.breached_at, t.stopped_at, t.calendar_id,
           t.target->>'clock' = 'wall' AS wall, k.number, k.title, q.name AS queue,
           (SELECT u.name FROM events e
            LEFT JOIN users u ON 'user:' || u.id = e.data->>'to'
            WHERE e.subject = t.subject AND e.kind = 'TICKET_ASSIGNED' AND e.at <= t.breached_at
            ORDER BY e.id DESC LIMIT 1) AS holder
    FROM timers t
    JOIN tickets k ON k.id = {TICKET}
    JOIN queues q ON q.id = k.queue_id
    WHERE t.breached_at >= :start AND t.breached_at < :end
      AND (CAST(:metric AS text) IS NULL OR t.metric = :metric)
      AND (CAST(:queue AS integer) IS NULL OR k.queue_id = :queue) AND t.breached_at IS NOT NULL
      AND (CAST(:at AS timestamptz) IS NULL OR (t.breached_at, t.id) < (:at, :id))
    ORDER BY t.breached_at DESC, t.id DESC
    LIMIT :limit
    """  # nosec B608 -- TICKET is a constant of ours
)

_TOTALS = text(
    f"""
    SELECT count(*) AS broken, count(DISTINCT t.subject) AS tickets,
           count(*) FILTER (WHERE t.stopped_at IS NULL) AS owed
    FROM timers t JOIN tickets k ON k.id = {TICKET}
    WHERE t.breached_at >= :start AND t.breached_at < :end
      AND (CAST(:metric AS text) IS NULL OR t.metric = :metric)
      AND (CAST(:queue AS integer) IS NULL OR k.queue_id = :queue) AND t.breached_at IS NOT NULL
    """  # nosec B608 -- TICKET is a constant of ours
)

_KEPT = text(
    f"""
    SELECT count(*) FROM timers t JOIN tickets k ON k.id = {TICKET}
    WHERE t.reading = 'MET' AND t.stopped_at >= :start AND t.stopped_at < :end
      AND (CAST(:metric AS text) IS NULL OR t.metric = :metric)
      AND (CAST(:queue AS integer) IS NULL OR k.queue_id = :queue)
    """  # nosec B608 -- TICKET is a constant of ours
)


def _wanted(asked: Period) -> dict[str, Any]:
    return {
        "start": asked.start,
        "end": asked.end,
        "metric": asked.metric,
        "queue": asked.queue,
    }


def page(
    asked: Period, cursor: str | None = None, limit: int = PAGE
) -> tuple[list[Breach], str | None]:
    """One page and the cursor of the next: one statement."""
    at, ident = _read(cursor) if cursor else (None, None)
    found = db.session.execute(
        _ROWS, {**_wanted(asked), "at": at, "id": ident, "limit": limit + 1}
    ).all()
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        following = keyset.written(last.breached_at, last.id)
    return [_breach(row) for row in found[:limit]], following


def _breach(row: Row[Any]) -> Breach:
    return Breach(
        timer_id=row.id,
        number=row.number,
        title=row.title,
        metric=row.metric,
        started_at=row.started_at,
        due_at=row.breached_at,
        stopped_at=row.stopped_at,
        calendar_id=row.calendar_id,
        wall=row.wall,
        queue=row.queue,
        holder=row.holder,
    )


def _read(cursor: str) -> tuple[datetime | None, int]:
    try:
        return keyset.read(cursor)
    except ValueError as error:
        raise Invalid(gettext("This page of the report is not there any more.")) from error


def every(asked: Period, step: int = 1000) -> Iterator[Sequence[Breach]]:
    """All of it, a thousand at a time, for files."""
    cursor: str | None = None
    while True:
        rows, cursor = page(asked, cursor, step)
        yield rows
        if cursor is None:
            return


@dataclass(frozen=True, slots=True)
class Totals:
    """`broken` promises on `tickets` reports, `owed` of them not done yet; `kept` in time."""

    broken: int
    tickets: int
    owed: int
    kept: int

    @property
    def share_kept(self) -> int | None:
        """Whole percent of promises that ended in the period and were kept; None if none did."""
        whole = self.broken + self.kept
        return 100 * self.kept // whole if whole else None


def totals(asked: Period) -> Totals:
    """Two statements at any size."""
    row = db.session.execute(_TOTALS, _wanted(asked)).one()
    kept = db.session.execute(_KEPT, _wanted(asked)).scalar_one()
    return Totals(row.broken, row.tickets, row.owed, kept)
