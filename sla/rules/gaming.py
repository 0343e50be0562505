"""Patterns that deserve a look: never a verdict, always with their evidence (promises, 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sla.rules.calendar import Calendar, WallClock
from sla.rules.due import Pause

SHORT = timedelta(hours=2)  # open time; a setting of the office


def around_closings(
    pauses: Sequence[Pause], calendar: Calendar, short: timedelta = SHORT
) -> list[datetime]:
    """The beginnings of ended pauses that took a working day out of a count of days although they
    lasted under `short` of open time: those that stood over a day's closing."""
    return [
        start
        for start, end in pauses
        if end is not None
        and calendar.closings(start, end)
        and calendar.elapsed(start, end) < short
    ]


def near(
    at: datetime, due: datetime, calendar: Calendar | WallClock, within: timedelta = SHORT
) -> bool:
    """True if `at` lies in the last open time before a due date that it did not miss; a target on
    the wall clock has its own, in which every hour is open."""
    return at <= due and calendar.elapsed(at, due) <= within
