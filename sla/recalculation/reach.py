"""Which open subjects a publishing can move at all.

A calendar that differs from the one before only from some day on leaves every promise alone that
ends before that day. Such a subject is not looked at: its next act brings it to the calendar that
binds it, as every act does, and finds the same dates. So a subject that stands on an older revision
is one that no revision since then would have moved.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Select, Table, Text, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import TIMESTAMP

from sla.models import CalendarRevision, TimerRow
from sla.rules.calendar import Calendar
from sla.rules.differing import first_touched

LONGEST_AGO = datetime(2000, 1, 1, tzinfo=UTC)
YEARS_AHEAD = 12  # longer than the longest promise


def since(one: Calendar, other: Calendar, at: datetime) -> datetime:
    """From when on promises may move; those that end before it stay."""
    return first_touched(one, other, LONGEST_AGO, at.replace(year=at.year + YEARS_AHEAD, day=1))


def reached(prefix: str, table: Table, key: str, moment: datetime) -> Select[bool]:
    """A row for each live promise of a subject, by this calendar, that ends then or later or has a
    step then. One that stands still has no date; its resume counts it by the calendar in force."""
    last_step = cast(TimerRow.plan[-1][0].astext, TIMESTAMP(timezone=True))
    revisions = select(CalendarRevision.id).where(CalendarRevision.key == key)
    return select(literal(True)).where(
        TimerRow.subject == func.concat(literal(f"{prefix}:"), cast(table.c["id"], Text)),
        TimerRow.stopped_at.is_(None),
        TimerRow.calendar_id.in_(revisions),
        or_(TimerRow.due_at >= moment, last_step >= moment),
    )
