"""A calendar's openings worked out once, as sorted arrays with prefix sums.

`before[i]` is the open time before opening i, so that adding time is two binary searches whatever
the length. Arrays cover whole local years; a longer copy replaces a shorter one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sla.rules.calendar_form import FULL_DAY, Form, OutOfRange
from sla.rules.interval import DAY, EPOCH_DAY, MILLION, instant, micros

FIRST_YEAR, LAST_YEAR = 1902, 2199
TOO_FAR = "This date is too far away to be promised."
# The longest gap in any zone's history is a whole day, left out at the date line.
LONGEST_GAP = 26 * 3600 * MILLION


def utc_micros(day: date, seconds: int, zone: ZoneInfo) -> int:
    """A local time as an instant: the first moment at which the wall clock shows it or, where a
    change of clocks leaves it out, the moment of that change."""
    if seconds == FULL_DAY:
        day, seconds = day + timedelta(days=1), 0
    local = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=seconds)
    us = micros(local.astimezone(UTC))
    if instant(us).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return us
    low, high = us - LONGEST_GAP, us
    before = instant(low).astimezone(zone).utcoffset()
    while high - low > MILLION:  # clocks change on whole seconds
        middle = (low + high) // 2 // MILLION * MILLION
        if instant(middle).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


class Openings:
    """Arrays in microseconds since 1970 for the local years `first` to `last`, never changed once
    made. They hold for moments from `start` to `end`."""

    def __init__(self, form: Form, first: int, last: int) -> None:
        """Work out whole years. Raises OutOfRange beyond what calendars reach."""
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise OutOfRange(TOO_FAR)
        self.first, self.last = first, last
        self.start = utc_micros(date(first, 1, 1), 0, form.zone)
        self.end = utc_micros(date(last, 12, 31), FULL_DAY, form.zone)
        self.opens: list[int] = []
        self.closes: list[int] = []
        self.before: list[int] = []
        self.ends: list[int] = []  # open time up to closing i
        self.days: list[int] = []  # ordinals of local dates with openings
        self.day_closes: list[int] = []  # the last closing of each
        self.day_until: list[int] = []  # what comes until then is received on that day
        self._work_out(form)

    def _work_out(self, form: Form) -> None:
        zone = form.zone
        last = date(self.last, 12, 31).toordinal()
        ordinal = date(self.first, 1, 1).toordinal()
        offset = _offset(ordinal, zone)
        while ordinal <= last:
            day, offset_next = date.fromordinal(ordinal), _offset(ordinal + 1, zone)
            spans = form.of_day(day)
            if spans and offset == offset_next:
                # No clock changes on this day, so its seconds count from its midnight.
                midnight = (ordinal - EPOCH_DAY) * DAY - offset
                instants = [((midnight + a) * MILLION, (midnight + b) * MILLION) for a, b in spans]
            else:
                instants = [(utc_micros(day, a, zone), utc_micros(day, b, zone)) for a, b in spans]
            if self._append(instants):
                closing = self.closes[-1]
                # Midnight belongs to the next day, even where a day closes at 24:00.
                whole = spans[-1][1] == FULL_DAY and _date_at(closing, zone) > ordinal
                self.days.append(ordinal)
                self.day_closes.append(closing)
                self.day_until.append(closing - 1 if whole else closing)
            ordinal, offset = ordinal + 1, offset_next

    def _append(self, instants: list[tuple[int, int]]) -> bool:
        """False if nothing is left of them once clocks have changed."""
        had = len(self.closes)
        for opens, closes in instants:
            if opens < closes:
                before = self.ends[-1] if self.ends else 0
                self.opens.append(opens)
                self.closes.append(closes)
                self.before.append(before)
                self.ends.append(before + closes - opens)
        return len(self.closes) > had


def _date_at(us: int, zone: ZoneInfo) -> int:
    return instant(us).astimezone(zone).toordinal()


def _offset(ordinal: int, zone: ZoneInfo) -> int:
    """Seconds that local midnight is ahead of UTC."""
    found = datetime.fromordinal(ordinal).replace(tzinfo=zone).utcoffset()
    assert found is not None
    return found.days * DAY + found.seconds
