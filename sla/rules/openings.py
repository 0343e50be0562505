"""A calendar's openings worked out once, as sorted arrays with prefix sums.

`before[i]` is the open time before opening i, so that adding time is two binary searches whatever
the length. Arrays cover whole years and grow on demand; a grown copy replaces the old one in one
assignment, so readers never see half of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sla.rules.calendar_form import FULL_DAY, Form, OutOfRange
from sla.rules.interval import MILLION, instant, micros

FIRST_YEAR, LAST_YEAR = 1902, 2199


def utc_micros(day: date, seconds: int, zone: ZoneInfo) -> int:
    """A local time as an instant: the first of two, and of one that a clock change leaves out
    the moment of that change."""
    if seconds == FULL_DAY:
        day, seconds = day + timedelta(days=1), 0
    local = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=seconds)
    us = micros(local.astimezone(UTC))
    if instant(us).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return us
    low, high = us - 3 * 3600 * MILLION, us
    while high - low > MILLION:  # clocks change on whole seconds
        middle = (low + high) // 2 // MILLION * MILLION
        before = instant(low).astimezone(zone).utcoffset()
        if instant(middle).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


@dataclass
class Openings:
    """Arrays in microseconds since 1970, for the years from `first` to `last`."""

    first: int
    last: int
    opens: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)  # open time up to closing i
    days: list[int] = field(default_factory=list)  # ordinals of local dates with openings
    day_closes: list[int] = field(default_factory=list)  # the last closing of each

    @classmethod
    def of(cls, form: Form, first: int, last: int) -> Openings:
        """Work out whole years. Raises OutOfRange beyond what calendars reach."""
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise OutOfRange("This date is too far away to be promised.")
        made = cls(first, last)
        day, end = date(first, 1, 1), date(last, 12, 31)
        total = 0
        while day <= end:
            closing = None
            for start, stop in form.of_day(day):
                opens, closes = (utc_micros(day, s, form.zone) for s in (start, stop))
                if made.closes:
                    opens = max(opens, made.closes[-1])
                if opens >= closes:
                    continue  # swallowed by a change of clocks
                made.opens.append(opens)
                made.closes.append(closes)
                made.before.append(total)
                total += closes - opens
                made.ends.append(total)
                closing = closes
            if closing is not None:
                made.days.append(day.toordinal())
                made.day_closes.append(closing)
            day += timedelta(days=1)
        return made
