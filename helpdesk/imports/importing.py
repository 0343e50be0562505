"""Bringing in another system's tickets, thousands at a time, as true history.

Each row becomes a ticket with its events at their own times, marked as imported; promises are
folded from those events as for any other ticket, so a rebuild gives the same, under the policies
that were in force when the row was opened. A due date that the row brings is fixed. Nobody is told
and nothing escalates for what lies in the past. Rows go in by COPY, one transaction a batch; what
was brought in before is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, text

from core import clock
from core.database import db, transaction
from core.storage import bulk
from helpdesk.imports import landing
from helpdesk.imports.foreign import Broken, Case
from helpdesk.imports.mapping import MappingFile
from helpdesk.imports.past_lives import Life
from helpdesk.models import Ticket

BATCH = 2_000


@dataclass
class Outcomes:
    """What an import did; `broken` holds line and reason of rows that were left out."""

    added: int = 0
    known: int = 0
    broken: list[Broken] = field(default_factory=list)


def bring_in(
    rows: Iterator[Case | Broken], mapping: MappingFile, told: Callable[[Outcomes], None]
) -> Outcomes:
    """Import all rows; opens its own transactions, one a batch. `told` hears after each."""
    done = Outcomes()
    batch: list[Case] = []
    seen: set[str] = set()
    now = clock.now()
    for row in (_fit(row, seen, now) for row in rows):
        if isinstance(row, Broken):
            done.broken.append(row)
            continue
        seen.add(row.external_id)
        batch.append(row)
        if len(batch) == BATCH:
            _add(batch, mapping, done)
            told(done)
            batch = []
    if batch:
        _add(batch, mapping, done)
    if done.added:
        with transaction() as session:
            # Without it the next questions are planned for an empty table.
            session.execute(text("ANALYZE tickets, messages, timers"))
    told(done)
    return done


def _fit(row: Case | Broken, seen: set[str], now: datetime) -> Case | Broken:
    """A row that reads well may still be no history: told twice, or not yet."""
    if isinstance(row, Broken):
        return row
    if row.external_id in seen:
        return Broken(row.line, "has an id that stood in an earlier row")
    if max(row.opened, row.closed or row.opened) > now:
        return Broken(row.line, "tells of something after now")
    return row


def _add(batch: Sequence[Case], mapping: MappingFile, done: Outcomes) -> None:
    with transaction() as session:
        # Two imports of one source take turns, so that the later one sees what is there.
        session.execute(_TURN, {"source": mapping.source})
        known = set(
            session.scalars(
                select(Ticket.external_id).where(
                    Ticket.source == mapping.source,
                    Ticket.external_id.in_([case.external_id for case in batch]),
                )
            )
        )
        fresh = [case for case in batch if case.external_id not in known]
        if fresh:
            _write(fresh, mapping, clock.now())
    done.known += len(batch) - len(fresh)
    done.added += len(fresh)


def _write(fresh: Sequence[Case], mapping: MappingFile, now: datetime) -> None:
    found = landing.find(mapping)
    drawn = db.session.execute(_DRAWN, {"n": len(fresh)}).all()
    lives = [
        Life(case, ident, number, found.spot(case), now)
        for case, (ident, number) in zip(fresh, drawn, strict=True)
    ]
    bulk.copy_rows("tickets", _TICKET, (life.ticket(mapping.source) for life in lives))
    bulk.copy_rows("messages", _MESSAGE, (life.message() for life in lives))
    bulk.copy_in([entry for life in lives for entry in life.entries])
    timers = (row for life in lives for row in life.timers())
    bulk.copy_rows("timers", _TIMER, (tuple(row[name] for name in _TIMER) for row in timers))


_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('import:' || :source, 0))")
# COPY returns no ids, so they are drawn first.
_DRAWN = text(
    "SELECT nextval(pg_get_serial_sequence('tickets', 'id')), nextval('ticket_numbers') "
    "FROM generate_series(1, :n)"
)
_TICKET = [
    "id",
    "number",
    "ticket_class",
    "category_id",
    "place_id",
    "title",
    "queue_id",
    "priority",
    "status",
    "outcome",
    "channel",
    "language",
    "requester_kind",
    "filed_at",
    "arrived_at",
    "updated_at",
    "resolved_at",
    "closes_at",
    "next_due_at",
    "last_seq",
    "source",
    "external_id",
]
_MESSAGE = [
    "ticket_id",
    "seq",
    "kind",
    "author",
    "body",
    "at",
]
_TIMER = [
    "subject",
    "metric",
    "cycle",
    "target",
    "policy_id",
    "calendar_id",
    "started_at",
    "due_at",
    "promised_at",
    "paused_at",
    "stopped_at",
    "breached_at",
    "reading",
    "cause",
    "said",
    "plan",
    "next_action_at",
]
