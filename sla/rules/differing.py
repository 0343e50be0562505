"""From which day on two calendars say something else: what ends before it is promised alike."""

from __future__ import annotations

from datetime import datetime

from sla.rules.calendar import Calendar
from sla.rules.calendar_form import OutOfRange
from sla.rules.interval import instant, micros
from sla.rules.openings import utc_micros


def first_difference(one: Calendar, other: Calendar, low: datetime, high: datetime) -> datetime:
    """The beginning of the first local day of [low, high) on which they differ; `high` if there is
    none. A whole day, since the last of several working days ends with its last closing. `low` for
    calendars of two time zones, whose days may differ although their hours do not."""
    zone = one.hours.form.zone
    if other.hours.form.zone != zone:
        return low
    moment = _first(one, other, micros(low), micros(high))
    if moment is None:
        return high
    day = instant(moment).astimezone(zone).date()
    return max(low, instant(utc_micros(day, 0, zone)))


def first_touched(one: Calendar, other: Calendar, low: datetime, high: datetime) -> datetime:
    """The earliest date or step, as worked out by either, that the other may place elsewhere.

    A step "in opening hours" that falls on a closed day comes at the closing before it. So what
    lies at the last closing before the first day that differs may belong to that day.
    """
    day = first_difference(one, other, low, high)
    try:
        return max(low, one.last_open(day))
    except OutOfRange:  # nothing was open before it
        return low


def _first(one: Calendar, other: Calendar, since: int, until: int) -> int | None:
    """The first moment at which only one of them is open."""
    sides: list[list[tuple[int, int]]] = []
    for calendar in (one, other):
        have = calendar.hours.around(since, until)
        spans = zip(have.opens, have.closes, strict=True)
        sides.append([(a, b) for a, b in spans if b > since and a < until])
    here, there = sides
    for (opens, closes), (also_opens, also_closes) in zip(here, there, strict=False):
        if opens != also_opens:
            return min(opens, also_opens)
        if closes != also_closes:
            return min(closes, also_closes)
    short, long = sorted(sides, key=len)
    return long[len(short)][0] if len(short) < len(long) else None
