"""How many promises were broken and kept; counted by the database, never in Python."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import text

from core.database import db
from helpdesk.setup import office
from reports.breaches import CAUSED, EXCUSED, TICKET, fits, queue_at, wanted
from reports.periods import Period

_BROKEN = f"""
    FROM timers t JOIN tickets k ON k.id = {TICKET}
    WHERE t.breached_at IS NOT NULL AND {fits("t.breached_at")} {CAUSED}"""

_TOTALS = text(
    f"""
    SELECT count(*) AS broken, count(DISTINCT t.subject) AS tickets,
           count(*) FILTER (WHERE t.stopped_at IS NULL) AS owed,
           count(*) FILTER (WHERE {EXCUSED}) AS excused {_BROKEN}
    """  # nosec B608 -- all words are ours
)

_KEPT = text(
    f"""
    SELECT count(*) FROM timers t JOIN tickets k ON k.id = {TICKET}
    WHERE t.reading = 'MET' AND {fits("t.stopped_at")}
    """  # nosec B608 -- all words are ours
)

_BY_QUEUE = text(
    f"""
    SELECT {queue_at("t.breached_at")} AS queue, count(*) AS broken,
           count(*) FILTER (WHERE t.stopped_at IS NULL) AS owed {_BROKEN}
    GROUP BY 1 ORDER BY 2 DESC, 1
    """  # nosec B608 -- all words are ours
)


@dataclass(frozen=True, slots=True)
class Totals:
    """`broken` promises on `tickets` reports, `owed` of them not done yet and `excused` by a
    supervisor (they stay broken); `kept` in time."""

    broken: int
    tickets: int
    owed: int
    kept: int
    excused: int = 0

    @property
    def share_kept(self) -> int | None:
        """Whole percent of promises that ended in the period and were kept; None if none did."""
        whole = self.broken + self.kept
        return 100 * self.kept // whole if whole else None


def totals(asked: Period, reads: Collection[int]) -> Totals:
    """Over tickets in the queues `reads`: two statements at any size."""
    row = db.session.execute(_TOTALS, wanted(asked, reads)).one()
    kept = db.session.execute(_KEPT, wanted(asked, reads)).scalar_one()
    return Totals(row.broken, row.tickets, row.owed, kept, row.excused)


@dataclass(frozen=True, slots=True)
class QueueCount:
    """Promises that were broken in one queue, and how many of them are still owed."""

    queue: str
    broken: int
    owed: int


def by_queue(asked: Period, reads: Collection[int]) -> list[QueueCount]:
    """The queues where promises were broken, most first: one statement."""
    found = []
    for row in db.session.execute(_BY_QUEUE, wanted(asked, reads)):
        queue = office.queue(row.queue)
        found.append(QueueCount(queue.name if queue else "", row.broken, row.owed))
    return found
