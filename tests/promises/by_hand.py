"""Stored dates beside those that somebody finds who reads the log and counts by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core.canonical import instant
from core.database import db
from core.events import Event
from sla.models import CalendarRevision, PolicyVersion, TimerRow
from tests.promises.slow import Slow
from tests.promises.slow_calendar import SlowCalendar

_known: dict[tuple[int, datetime], SlowCalendar] = {}


def counted_by_hand(rows: Sequence[TimerRow], log: Sequence[Event], now: datetime) -> bool:
    """Raises AssertionError for the first date that differs; False for a log with merges or
    splits in it, which nobody counts by hand."""
    policies = {row.id: row for row in db.session.scalars(select(PolicyVersion))}
    slow = Slow(policies, slow_calendars())
    found = slow.read(log, now)
    if found is None:
        return False
    by_key = {(p.metric, p.cycle): p for p in found}
    trail = [(event.kind, instant(event.at)) for event in log]
    assert set(by_key) == {(row.metric, row.cycle) for row in rows}, trail
    for row in rows:
        key = row.metric, row.cycle
        one = by_key[key]
        assert bool(one.void) == (row.reading == "VOID"), (key, trail)
        assert one.stopped == row.stopped_at, (key, trail)
        if not one.void:
            late = row.breached_at is not None or (
                row.stopped_at is None and row.due_at is not None and row.due_at < now
            )
            assert slow.now_due(one) == row.due_at, (key, trail)
            assert one.late == late, (key, trail)
    return True


def slow_calendars() -> dict[int, SlowCalendar]:
    """Every revision, by its id; none is ever edited."""
    found = {}
    asked = select(CalendarRevision.id, CalendarRevision.made_at)
    for number, made_at in db.session.execute(asked).all():
        if (number, made_at) not in _known:
            row = db.session.get_one(CalendarRevision, number)
            _known[number, made_at] = SlowCalendar(row.definition)
        found[number] = _known[number, made_at]
    return found
