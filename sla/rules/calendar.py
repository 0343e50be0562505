"""Opening hours as arithmetic: what is open, how long between, when a target is used up.

All moments are aware; results are aware UTC, exact to the microsecond. Half-open throughout: a
closing time is closed, but a target used up exactly at closing is due at closing time. Pauses are
half-open too, may overlap and come in any order; an open one has None as its end. Source: the
settled rules of promises, sections 1 and 2.

A moment without a zone is a ValueError; one that no calendar reaches is OutOfRange, and so is a
target that the openings left can never use up.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sla.rules import calendar_form, working_days
from sla.rules.calendar_form import Form, InvalidCalendar, OutOfRange
from sla.rules.hours import Hours
from sla.rules.interval import DAY, EPOCH, MILLION, Pauses, instant, merged, micros
from sla.rules.wall_clock import WallClock


class Calendar:
    """Immutable; compares and hashes by content. Openings are worked out when first needed."""

    __slots__ = ("_key", "hours")

    def __init__(self, form: Form) -> None:
        self.hours = Hours(form)
        self._key = json.dumps(calendar_form.write(form), sort_keys=True)

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> Calendar:
        """Raises InvalidCalendar with a sentence (see calendar_form for the form)."""
        return cls(calendar_form.read(d))

    def to_dict(self) -> dict[str, Any]:
        return calendar_form.write(self.hours.form)

    @property
    def digest(self) -> str:
        """The same for the same content, in every process."""
        return sha256(self._key.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)

    # -- time --------------------------------------------------------------------------------

    def add(self, at: datetime, span: timedelta, pauses: Pauses = ()) -> datetime | None:
        """The moment at which `span` of open, unpaused time after `at` is used up.

        A pause that begins exactly when nothing is left does not move it. None if a pause without
        an end begins before that. A span of zero gives the next opening moment, a negative one
        goes back to the latest moment from which it leads to `at`; around pauses neither has a
        meaning (ValueError).
        """
        if at.tzinfo is None:
            raise ValueError("A time needs its zone.")
        # Written out, since this is the line that recalculations spend their time in.
        since = at - EPOCH
        us = (since.days * DAY + since.seconds) * MILLION + since.microseconds
        left = (span.days * DAY + span.seconds) * MILLION + span.microseconds
        if left > 0 and not pauses:
            return EPOCH + timedelta(0, 0, self.hours.add(us, left))
        if pauses:
            found = self._add_around(us, left, pauses)
            return None if found is None else instant(found)
        return instant(self.hours.back(us, -left) if left else self.hours.next_open(us))

    def _add_around(self, us: int, left: int, pauses: Pauses) -> int | None:
        if left <= 0:
            raise ValueError("Only time ahead can be counted around pauses.")
        due = self.hours.add(us, left)
        for start, end in merged(pauses):
            if end is not None and end <= us:
                continue
            if due <= start:
                break
            if start > us:
                left -= self.hours.between(us, start)
            if end is None:
                return None
            us = max(us, end)
            due = self.hours.add(us, left)
        return due

    def elapsed(self, a: datetime, b: datetime, pauses: Pauses = ()) -> timedelta:
        """Open, unpaused time from `a` to `b`; none if `b` lies before `a`."""
        start, end = micros(a), micros(b)
        if end <= start:
            return timedelta(0)
        total = self.hours.between(start, end)
        for low, high in merged(pauses) if pauses else ():
            low, high = max(start, low), end if high is None else min(end, high)
            if low < high:
                total -= self.hours.between(low, high)
        return timedelta(microseconds=total)

    # -- moments -----------------------------------------------------------------------------

    def is_open(self, at: datetime) -> bool:
        return self.hours.is_open(micros(at))

    def next_open(self, at: datetime) -> datetime:
        """The moment itself if it is open, else the next opening."""
        return instant(self.hours.next_open(micros(at)))

    def last_open(self, at: datetime) -> datetime:
        """The moment itself if it is open, else the last closing time at or before it."""
        return instant(self.hours.last_open(micros(at)))

    def openings(self, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open intervals within [a, b), cut at its ends; touching ones stay apart."""
        start, end = micros(a), micros(b)
        have = self.hours.around(start, end)
        i = bisect_right(have.closes, start)
        while i < len(have.opens) and have.opens[i] < end:
            yield instant(max(start, have.opens[i])), instant(min(end, have.closes[i]))
            i += 1

    # -- working days ------------------------------------------------------------------------

    def receipt_day(self, at: datetime) -> date:
        """The working day on which it counts as received (section 2.2): that day up to and
        including its closing, else the next working day."""
        have, i = working_days.receipt(self.hours, micros(at))
        return date.fromordinal(have.days[i])

    def closings(self, a: datetime, b: datetime) -> int:
        """How many days close within [a, b)."""
        start, end = micros(a), micros(b)
        if end <= start:
            return 0
        have = self.hours.around(start, end)
        return bisect_left(have.day_closes, end) - bisect_left(have.day_closes, start)

    def add_working_days(self, at: datetime, n: int, pauses: Pauses = ()) -> datetime | None:
        """Closing time of the n-th counted working day; the day of receipt is not counted, nor a
        day at whose closing a pause stands. None if a pause without an end comes first."""
        found = working_days.closing_after(
            self.hours, micros(at), n, merged(pauses) if pauses else []
        )
        return None if found is None else instant(found)

    def days_used(self, at: datetime, until: datetime, pauses: Pauses = ()) -> int:
        """Counted closings after the day of receipt up to and at `until` (section 2.3); for a
        timer that stopped, let a pause without an end begin there."""
        return working_days.counted(self.hours, micros(at), micros(until), merged(pauses))


__all__ = ["Calendar", "InvalidCalendar", "OutOfRange", "WallClock"]
