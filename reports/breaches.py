"""Which promises were broken, how late they were, and where and with whom the ticket was then.

Read from stored timers by the index of breaches, newest first, and only where the reader reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from core.database import db
from core.errors import Invalid
from core.i18n import gettext
from core.storage import keyset
from helpdesk.setup import office
from reports.periods import Period
from sla import book

PAGE = 50


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken promise; `queue` and `holder` at that moment. `stopped_at` None: still owed."""

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
    cause: str | None = None  # as the excuse says, or else whoever held it
    excused: bool = False

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


def queue_at(moment: str) -> str:
    """SQL for the queue in which the ticket k of timer t was at a moment, by the log."""
    return f"""
        CASE WHEN k.transfers = 0 THEN k.queue_id ELSE (
            SELECT CAST(e.data->>'queue' AS integer) FROM events e
            WHERE e.subject = t.subject AND e.at <= {moment}
              AND e.kind IN ('TICKET_FILED', 'TICKET_IMPORTED', 'TICKET_MOVED')
            ORDER BY e.id DESC LIMIT 1) END"""  # nosec B608 -- moment is a column of ours


def fits(moment: str) -> str:
    """SQL for: it happened in the period, to a ticket that is read, and is what was asked for."""
    return f"""
        {moment} >= :start AND {moment} < :end AND k.queue_id = ANY(:reads)
        AND (CAST(:metric AS text) IS NULL OR t.metric = :metric)
        AND (CAST(:queue AS integer) IS NULL OR {queue_at(moment)} = :queue)"""


# What stands of a promise's cause: an excuse of a supervisor, or what its holder named.
_STANDS = """
    SELECT {what} FROM breach_causes c
    WHERE c.subject = t.subject AND c.metric = t.metric AND c.cycle = t.cycle
      AND c.withdrawn_at IS NULL"""  # nosec B608 -- all words are ours

# Excused, without any cause, or of one cause.
CAUSED = f"""
    AND CASE CAST(:cause AS text)
        WHEN 'EXCUSED' THEN EXISTS ({_STANDS.format(what="1")} AND c.excuse)
        WHEN 'NONE' THEN NOT EXISTS ({_STANDS.format(what="1")})
        ELSE CAST(:cause AS text) IS NULL
             OR EXISTS ({_STANDS.format(what="1")} AND c.cause = :cause) END"""  # nosec B608
EXCUSED = f"EXISTS ({_STANDS.format(what='1')} AND c.excuse)"

# Who held it is what the last giving or moving before the breach says: a move takes it away.
_ROWS = text(
    f"""
    WITH found AS MATERIALIZED (
        SELECT t.id, t.subject, t.metric, t.cycle, t.started_at, t.breached_at, t.stopped_at,
               t.calendar_id, t.target->>'clock' = 'wall' AS wall, k.number, k.title,
               k.queue_id, k.transfers
        FROM timers t JOIN tickets k ON k.id = {TICKET}
        WHERE t.breached_at IS NOT NULL AND {fits("t.breached_at")} {CAUSED}
          AND (CAST(:at AS timestamptz) IS NULL OR (t.breached_at, t.id) < (:at, :id))
        ORDER BY t.breached_at DESC, t.id DESC
        LIMIT :limit)
    SELECT t.*, {queue_at("t.breached_at").replace("k.", "t.")} AS queue,
           (SELECT u.name FROM events e
            LEFT JOIN users u ON 'user:' || u.id = e.data->>'to'
            WHERE e.subject = t.subject AND e.at <= t.breached_at
              AND e.kind IN ('TICKET_ASSIGNED', 'TICKET_MOVED')
            ORDER BY e.id DESC LIMIT 1) AS holder,
           ({_STANDS.format(what="c.cause")} ORDER BY c.excuse DESC LIMIT 1) AS cause,
           {EXCUSED} AS excused
    FROM found t ORDER BY t.breached_at DESC, t.id DESC
    """  # nosec B608 -- all words are ours
)


def wanted(asked: Period, reads: Collection[int]) -> dict[str, Any]:
    """The parameters of `fits`."""
    return {
        "start": asked.start,
        "end": asked.end,
        "metric": asked.metric,
        "queue": asked.queue,
        "cause": asked.cause,
        "reads": sorted(reads),
    }


def page(
    asked: Period, reads: Collection[int], cursor: str | None = None, limit: int = PAGE
) -> tuple[list[Breach], str | None]:
    """One page and the cursor of the next, of tickets in the queues `reads`: one statement.

    Raises Invalid for a cursor that is none of ours.
    """
    at, ident = _read(cursor) if cursor else (None, None)
    found = db.session.execute(
        _ROWS, {**wanted(asked, reads), "at": at, "id": ident, "limit": limit + 1}
    ).all()
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        following = keyset.written(last.breached_at, last.id)
    return [_breach(row) for row in found[:limit]], following


def _breach(row: Row[Any]) -> Breach:
    queue = office.queue(row.queue)
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
        queue=queue.name if queue else "",
        holder=row.holder,
        cause=row.cause,
        excused=row.excused,
    )


def _read(cursor: str) -> tuple[datetime | None, int]:
    try:
        return keyset.read(cursor)
    except ValueError as error:
        raise Invalid(gettext("This page of the report is not there any more.")) from error


def every(asked: Period, reads: Collection[int], step: int) -> Iterator[Sequence[Breach]]:
    """All of it, `step` at a time, for files."""
    cursor: str | None = None
    while True:
        rows, cursor = page(asked, reads, cursor, step)
        yield rows
        if cursor is None:
            return
