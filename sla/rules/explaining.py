"""Why a promise falls on its date: day by day what was counted, and what was not and why.

For a target in working days the counted days add up to it, for any other the counted time does. A
date that a change moved (time to act, a reopening's minimum) is later than the sum: that is said
by the difference, not hidden in a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sla.rules.calendar import Calendar
from sla.rules.due import Pauses, base_of
from sla.rules.policy import Target, Unit


class Why(StrEnum):
    """Why a day counts, or does not."""

    COUNTED = "COUNTED"
    RECEIVED = "RECEIVED"  # the day of receipt is never counted in working days
    CLOSED = "CLOSED"  # as every week
    HOLIDAY = "HOLIDAY"
    PAUSED = "PAUSED"  # it stood still at the day's closing, or all day
    NOT_YET = "NOT_YET"  # it ends before that day's closing


@dataclass(frozen=True, slots=True)
class Day:
    """A local date: its open time within the promise, how much of it was counted, and why."""

    day: date
    open: timedelta
    counted: timedelta
    counts: bool  # as a working day
    why: Why


def days(
    target: Target, calendar: Calendar, start: datetime, until: datetime, pauses: Pauses = ()
) -> Iterator[Day]:
    """Every local date from the start to `until`, which is the due date or the stop."""
    zone, form = calendar.hours.form.zone, calendar.hours.form
    base = base_of(target, calendar)
    received = calendar.receipt_day(start) if target.unit is Unit.DAYS else None
    day, last = start.astimezone(zone).date(), until.astimezone(zone).date()
    while day <= last:
        begins = max(start, _midnight(day, calendar))
        ends = min(until, _midnight(day + timedelta(days=1), calendar))
        whole, counted = base.elapsed(begins, ends), base.elapsed(begins, ends, pauses)
        if received is None:
            why = Why.COUNTED if counted else _shut(day, calendar, whole)
            yield Day(day, whole, counted, False, why)
        else:
            why = Why.CLOSED
            if not form.of_day(day):
                why = Why.HOLIDAY if day in form.holidays else Why.CLOSED
            elif day <= received:
                why = Why.RECEIVED
            else:
                why = _at_closing(day, calendar, until, pauses)
            yield Day(day, whole, counted, why is Why.COUNTED, why)
        day += timedelta(days=1)


def _shut(day: date, calendar: Calendar, whole: timedelta) -> Why:
    if whole:
        return Why.PAUSED
    return Why.HOLIDAY if day in calendar.hours.form.holidays else Why.CLOSED


def _at_closing(day: date, calendar: Calendar, until: datetime, pauses: Pauses) -> Why:
    """A working day counts when the timer runs at its closing."""
    after = _midnight(day + timedelta(days=1), calendar)
    closing = calendar.last_open(after)
    if closing > until:
        return Why.NOT_YET
    stood = any(a <= closing and (b is None or closing < b) for a, b in pauses)
    return Why.PAUSED if stood else Why.COUNTED


def _midnight(day: date, calendar: Calendar) -> datetime:
    zone = calendar.hours.form.zone
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def sums(told: list[Day]) -> tuple[timedelta, int]:
    """The counted time, and the counted working days."""
    return sum((one.counted for one in told), timedelta(0)), sum(one.counts for one in told)
