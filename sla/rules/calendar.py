"""Opening hours as arithmetic: what is open, how long between, when a target is used up.

All moments are aware; results are aware UTC. Half-open throughout: a closing time is closed, but a
target used up exactly at closing is due at closing time. Pauses are half-open too; an open one has
None as its end. Source of the rules of working days: the settled rules of promises, section 2.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sla.rules import calendar_form
from sla.rules.calendar_form import Form, InvalidCalendar, OutOfRange
from sla.rules.interval import (
    EPOCH,
    Pauses,
    instant,
    merged,
    micros,
    span_micros,
)
from sla.rules.openings import FIRST_YEAR, LAST_YEAR, Openings


class Calendar:
    """Immutable; compares and hashes by content. Openings are worked out when first needed."""

    __slots__ = ("_form", "_key", "_open")

    def __init__(self, form: Form) -> None:
        self._form = form
        self._key = json.dumps(calendar_form.write(form), sort_keys=True)
        self._open: Openings | None = None

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> Calendar:
        """Raises InvalidCalendar with a sentence (see calendar_form for the form)."""
        return cls(calendar_form.read(d))

    def to_dict(self) -> dict[str, Any]:
        return calendar_form.write(self._form)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)

    # -- the arrays --------------------------------------------------------------------------

    def _around(self, us: int) -> Openings:
        """Arrays that hold the moment with a year to spare on both sides."""
        try:
            year = instant(us).year
        except OverflowError:
            raise OutOfRange("This date is too far away to be promised.") from None
        have = self._open
        if have is None or year - 1 < have.first or year + 1 > have.last:
            first, last = year - 1, year + 2
            if have is not None:
                first, last = min(first, have.first), max(last, have.last)
            if year - 1 < FIRST_YEAR or year + 1 > LAST_YEAR:
                raise OutOfRange("This date is too far away to be promised.")
            have = self._open = Openings.of(self._form, first, min(last, LAST_YEAR))
        return have

    def _later(self, have: Openings) -> Openings:
        """The arrays with as many years again; OutOfRange where time ends."""
        if have.last >= LAST_YEAR:
            raise OutOfRange("No opening is left that this target could be used up in.")
        last = min(LAST_YEAR, have.last + max(4, have.last - have.first))
        grown = self._open = Openings.of(self._form, have.first, last)
        return grown

    def _earlier(self, have: Openings) -> Openings:
        if have.first <= FIRST_YEAR:
            raise OutOfRange("No opening lies before this moment.")
        first = max(FIRST_YEAR, have.first - max(4, have.last - have.first))
        grown = self._open = Openings.of(self._form, first, have.last)
        return grown

    # -- seconds -----------------------------------------------------------------------------

    def add(self, at: datetime, span: timedelta, pauses: Pauses = ()) -> datetime | None:
        """The moment at which `span` of open, unpaused time after `at` is used up.

        A negative span goes back; a span of zero gives the next opening moment. None if a pause
        without an end begins before that.
        """
        us, left = micros(at), span_micros(span)
        if not pauses:
            return EPOCH + timedelta(microseconds=self._add(us, left))
        if left <= 0:
            raise ValueError("Only time ahead can be counted around pauses.")
        for start, end in merged(pauses):
            if end is not None and end <= us:
                continue
            work = self._between(us, max(us, start))
            if work >= left:
                break
            left -= work
            if end is None:
                return None
            us = max(us, end)
        return instant(self._add(us, left))

    def _add(self, us: int, span: int) -> int:
        have = self._open
        if have is None or not have.opens or not have.opens[0] <= us <= have.closes[-1]:
            have = self._around(us)
        if span <= 0:
            return self._back(us, -span) if span else micros(self.next_open(instant(us)))
        while True:
            i = bisect_right(have.opens, us) - 1
            done = 0 if i < 0 else have.before[i] + min(us, have.closes[i]) - have.opens[i]
            wanted = done + span
            j = bisect_left(have.ends, wanted)
            if j < len(have.ends):
                return have.opens[j] + wanted - have.before[j]
            have = self._later(have)

    def _back(self, us: int, span: int) -> int:
        have = self._around(us)
        while True:
            i = bisect_right(have.opens, us) - 1
            done = 0 if i < 0 else have.before[i] + min(us, have.closes[i]) - have.opens[i]
            wanted = done - span
            if wanted >= 0 and have.ends:
                j = min(bisect_right(have.ends, wanted), len(have.ends) - 1)
                return have.opens[j] + wanted - have.before[j]
            have = self._earlier(have)

    def _done(self, us: int) -> int:
        """Open time of the arrays up to a moment; differences of two are open time between."""
        have = self._around(us)
        i = bisect_right(have.opens, us) - 1
        return 0 if i < 0 else have.before[i] + min(us, have.closes[i]) - have.opens[i]

    def _between(self, a: int, b: int) -> int:
        self._around(a)
        end = self._done(b)
        return end - self._done(a)

    def elapsed(self, a: datetime, b: datetime, pauses: Pauses = ()) -> timedelta:
        """Open, unpaused time from `a` to `b`; none if `b` lies before `a`."""
        start, end = micros(a), micros(b)
        if end <= start:
            return timedelta(0)
        total = self._between(start, end)
        for pause_start, pause_end in merged(pauses):
            low = max(start, pause_start)
            high = end if pause_end is None else min(end, pause_end)
            if low < high:
                total -= self._between(low, high)
        return timedelta(microseconds=total)

    # -- moments -----------------------------------------------------------------------------

    def is_open(self, at: datetime) -> bool:
        us = micros(at)
        have = self._around(us)
        i = bisect_right(have.opens, us) - 1
        return i >= 0 and us < have.closes[i]

    def next_open(self, at: datetime) -> datetime:
        """The moment itself if it is open, else the next opening."""
        us = micros(at)
        have = self._around(us)
        while True:
            i = bisect_right(have.opens, us) - 1
            if i >= 0 and us < have.closes[i]:
                return at.astimezone(UTC)
            if i + 1 < len(have.opens):
                return instant(have.opens[i + 1])
            have = self._later(have)

    def last_open(self, at: datetime) -> datetime:
        """The moment itself if it is open, else the last closing time at or before it."""
        us = micros(at)
        have = self._around(us)
        while True:
            i = bisect_right(have.opens, us) - 1
            if i >= 0:
                return instant(min(us, have.closes[i]))
            have = self._earlier(have)

    def openings(self, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open intervals within [a, b), cut at its ends."""
        start, end = micros(a), micros(b)
        self._around(start)
        have = self._around(end)
        i = bisect_right(have.closes, start)
        while i < len(have.opens) and have.opens[i] < end:
            yield instant(max(start, have.opens[i])), instant(min(end, have.closes[i]))
            i += 1

    # -- working days ------------------------------------------------------------------------

    def _receipt(self, at: datetime) -> tuple[Openings, int]:
        """The index of the working day on which something counts as received."""
        us = micros(at)
        local = at.astimezone(self._form.zone).toordinal()
        have = self._around(us)
        while True:
            i = bisect_left(have.day_closes, us)
            # Midnight belongs to the next day, even where a day closes at 24:00.
            if i < len(have.days) and have.days[i] < local:
                i += 1
            if i < len(have.days):
                return have, i
            have = self._later(have)

    def receipt_day(self, at: datetime) -> date:
        """The working day on which it counts as received (section 2.2): that day up to and
        including its closing, else the next working day."""
        have, i = self._receipt(at)
        return date.fromordinal(have.days[i])

    def add_working_days(self, at: datetime, n: int, pauses: Pauses = ()) -> datetime | None:
        """Closing time of the n-th counted working day; the day of receipt is not counted, nor a
        day at whose closing a pause stands. None if a pause without an end comes first."""
        if n <= 0:
            raise ValueError("A number of working days must be more than zero.")
        have, i = self._receipt(at)
        spans = merged(pauses)
        left = n
        while True:
            # Without pauses ahead every closing counts, so the last one is known at once.
            i += left if not spans else 1
            while i >= len(have.days):
                have = self._later(have)  # grows at the end only, so indexes stay
            closing = have.day_closes[i]
            if not spans:
                return instant(closing)
            while spans and spans[0][1] is not None and spans[0][1] <= closing:
                spans.pop(0)
            if spans and spans[0][0] <= closing:
                if spans[0][1] is None:
                    return None
                continue
            left -= 1
            if left == 0:
                return instant(closing)

    def days_used(self, at: datetime, until: datetime, pauses: Pauses = ()) -> int:
        """Counted closings after the day of receipt up to and at `until` (section 2.3); for a
        timer that stopped, let a pause without an end begin there."""
        have, i = self._receipt(at)
        end = micros(until)
        day = have.days[i]
        have = self._around(end)
        first = bisect_right(have.days, day)
        last = bisect_right(have.day_closes, end)
        used = max(0, last - first)
        for start, stop in merged(pauses):
            low = max(first, bisect_left(have.day_closes, start))
            high = last if stop is None else min(last, bisect_left(have.day_closes, stop))
            used -= max(0, high - low)
        return used


class WallClock:
    """Every hour is open: what targets on the wall clock are counted on."""

    def add(self, at: datetime, span: timedelta, pauses: Pauses = ()) -> datetime | None:
        us, left = micros(at), span_micros(span)
        for start, end in merged(pauses):
            if end is not None and end <= us:
                continue
            work = max(0, start - us)
            if work >= left:
                break
            left -= work
            if end is None:
                return None
            us = max(us, end)
        try:
            return instant(us + left)
        except OverflowError:
            raise OutOfRange("This date is too far away to be promised.") from None

    def elapsed(self, a: datetime, b: datetime, pauses: Pauses = ()) -> timedelta:
        start, end = micros(a), micros(b)
        if end <= start:
            return timedelta(0)
        total = end - start
        for low, high in merged(pauses):
            total -= max(0, (end if high is None else min(end, high)) - max(start, low))
        return timedelta(microseconds=total)

    def is_open(self, at: datetime) -> bool:
        return True

    def next_open(self, at: datetime) -> datetime:
        return at.astimezone(UTC)

    def last_open(self, at: datetime) -> datetime:
        return at.astimezone(UTC)


__all__ = ["Calendar", "InvalidCalendar", "OutOfRange", "WallClock"]
