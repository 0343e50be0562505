"""A calendar that goes through its days one after another; nothing of the engine is in it.

The office's zone has no change of clocks; those are the calendar's own tests' matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Span = tuple[datetime, datetime]
Pauses = tuple[tuple[datetime, datetime | None], ...]
ONE = timedelta(days=1)


class SlowCalendar:
    def __init__(self, form: dict[str, Any]) -> None:
        self.form, self.zone = form, ZoneInfo(form["timezone"])
        # The same questions come again at every step of a life.
        self.day = lru_cache(4000)(self._day)
        self.add = lru_cache(50_000)(self._add)
        self.add_days = lru_cache(50_000)(self._add_days)

    def _at(self, day: date, words: str) -> datetime:
        hours, minutes = map(int, words.split(":"))
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return (midnight + timedelta(hours=hours, minutes=minutes)).astimezone(UTC)

    def _day(self, day: date) -> list[Span]:
        if day.isoformat() in self.form.get("holidays", ()):
            return []
        week = self.form["week"].get(DAYS[day.weekday()], [])
        ranges = self.form.get("date_overrides", {}).get(day.isoformat(), week)
        cuts = self.form.get("date_breaks", {}).get(day.isoformat(), [])
        spans = [(self._at(day, a), self._at(day, b)) for a, b in ranges]
        for cut in cuts:
            start, end = self._at(day, cut[0]), self._at(day, cut[1])
            parts = [[(a, min(b, start)), (max(a, end), b)] for a, b in spans]
            spans = [(a, b) for pair in parts for a, b in pair if a < b]
        return sorted(spans)

    def days(self, at: datetime) -> Iterator[date]:
        day = at.astimezone(self.zone).date()
        for n in range(2000):
            yield day + ONE * n

    def open(self, at: datetime, pauses: Pauses) -> Iterator[Span]:
        """Open spans from a moment on that no pause covers, in order."""
        for day in self.days(at):
            for start, end in self.day(day):
                left = [(max(start, at), end)] if end > at else []
                for a, b in pauses:
                    cut = [
                        [(c, min(d, a)), (max(c, b) if b is not None else d, d)] for c, d in left
                    ]
                    left = [(c, d) for pair in cut for c, d in pair if c < d]
                yield from left

    def _add(self, at: datetime, span: timedelta, pauses: Pauses) -> datetime | None:
        """When so much open time has gone by; None within a pause without an end."""
        left = span
        for start, end in self.open(at, pauses):
            if end - start >= left:
                return start + left
            left -= end - start
        return None

    def _add_days(self, at: datetime, n: int, pauses: Pauses) -> datetime | None:
        """The closing time of the n-th working day after that of receipt."""
        closings = [c for day in self.days(at) if (s := self.day(day)) and (c := s[-1][1])]
        left = [c for c in closings if c >= at][1:]  # the first is the day of receipt's
        for closing in left:
            if not any(a <= closing and (b is None or closing < b) for a, b in pauses):
                n -= 1
                if n == 0:
                    return closing
        return None


def add_wall(at: datetime, span: timedelta, pauses: Pauses) -> datetime | None:
    """The same where every hour counts."""
    due = at + span
    for a, b in sorted(pauses, key=lambda one: one[0]):
        if b is not None and b <= at:
            continue
        if due <= a:
            break
        if b is None:
            return None
        due += b - max(a, at)
    return due
