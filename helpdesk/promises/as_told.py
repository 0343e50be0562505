"""Promises as the citizen was told of them.

What is enforced may become earlier (another class, another calendar); what was told never does
(promises, section 5.5). So a citizen's page counts towards the later of the two, and calls a
promise missed only when the date that it had shown is past.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.canonical import parse_instant
from helpdesk.models import Ticket
from helpdesk.relations.merging import survivor_of
from sla import tracking
from sla.models import TimerRow


def as_told(rows: Sequence[TimerRow], now: datetime) -> list[TimerRow]:
    """Copies of stored timers with the dates that the citizen knows; none of them is stored."""
    return [_told(row, now) for row in rows]


def own_as_told(ticket: Ticket, now: datetime) -> list[TimerRow]:
    """A report's timers as its requester knows them; of one that was merged those of the survivor
    by which this requester was promised something, with the dates that were told to them."""
    survivor = survivor_of(ticket)
    if survivor is None:
        return as_told(tracking.timers([ticket.ref])[ticket.ref], now)
    found = []
    for row in tracking.timers([survivor.ref])[survivor.ref]:
        if ticket.ref in row.promised_to:
            values = {column.key: getattr(row, column.key) for column in TimerRow.__table__.columns}
            values["promised_at"] = parse_instant(row.promised_to[ticket.ref])
            found.append(TimerRow(**values))
    return as_told(found, now)


def _told(row: TimerRow, now: datetime) -> TimerRow:
    values = {column.key: getattr(row, column.key) for column in TimerRow.__table__.columns}
    copy = TimerRow(**values)
    if row.due_at is not None and row.promised_at is not None:
        # Stopped while paused: due as if resumed then, which nobody was told.
        copy.due_at = max(row.due_at, row.promised_at)
        if row.breached_at is not None:
            kept = copy.due_at >= (row.stopped_at or now)
            copy.breached_at = None if kept else copy.due_at
    return copy
