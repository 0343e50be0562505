"""The calendar's twin on which every hour is open: what targets on the wall clock count on."""

from __future__ import annotations

from datetime import datetime, timedelta

from sla.rules.calendar_form import OutOfRange
from sla.rules.interval import EPOCH, Pauses, instant, merged, micros, span_micros
from sla.rules.openings import TOO_FAR


def utc(at: datetime) -> datetime:
    """The same moment in UTC; ValueError without a zone, OutOfRange past the end of time."""
    try:
        return instant(micros(at))
    except OverflowError:
        raise OutOfRange(TOO_FAR) from None


class WallClock:
    """Answers as `Calendar` does, for targets of seconds, minutes and hours."""

    def add(self, at: datetime, span: timedelta, pauses: Pauses = ()) -> datetime | None:
        us, left = micros(at), span_micros(span)
        if pauses and left <= 0:
            raise ValueError("Only time ahead can be counted around pauses.")
        for start, end in merged(pauses):
            if end is not None and end <= us:
                continue
            if us + left <= start:
                break
            left -= max(0, start - us)
            if end is None:
                return None
            us = max(us, end)
        try:
            return EPOCH + timedelta(microseconds=us + left)
        except OverflowError:
            raise OutOfRange(TOO_FAR) from None

    def elapsed(self, a: datetime, b: datetime, pauses: Pauses = ()) -> timedelta:
        start, end = micros(a), micros(b)
        if end <= start:
            return timedelta(0)
        total = end - start
        for low, high in merged(pauses):
            total -= max(0, (end if high is None else min(end, high)) - max(start, low))
        return timedelta(microseconds=total)

    def is_open(self, at: datetime) -> bool:
        micros(at)  # refuses a time without its zone, as a calendar does
        return True

    def next_open(self, at: datetime) -> datetime:
        return utc(at)

    def last_open(self, at: datetime) -> datetime:
        return utc(at)
