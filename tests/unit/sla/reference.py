"""The slow and obvious calendar: it looks at every step of time, one after another.

A step is `unit` seconds; every time that matters (openings, pauses, starts, lengths) must be a
multiple of it. Nothing here is shared with the engine: openings begin at the first step at which
the wall clock shows their time or later, which is what people would do with a watch.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sla.rules.interval import Pauses

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Reference:
    """A calendar's form looked at from `first` on, for `steps` steps."""

    def __init__(self, form: dict[str, Any], first: datetime, steps: int, unit: int) -> None:
        self.first, self.unit = first, timedelta(seconds=unit)
        self.form, self.zone = form, ZoneInfo(form["timezone"])
        self.moments = [first + self.unit * n for n in range(steps)]
        walls = [m.astimezone(self.zone).replace(tzinfo=None) for m in self.moments]
        self.local = walls
        self.open = [False] * steps
        self.last_step: dict[Any, int] = {}
        day, last = walls[0].date() + timedelta(days=1), walls[-1].date()
        while day < last:
            for a, b in self._ranges(day):
                start, end = self._shows(day, a), self._shows(day, b)
                for n in range(start, end):
                    self.open[n] = True
                if end > start:
                    self.last_step[day] = end
            day += timedelta(days=1)

    def _ranges(self, day: Any) -> list[tuple[int, int]]:
        """Seconds of the day at which it is open: each step is looked at, runs are joined."""
        if day.isoformat() in self.form.get("holidays", ()):
            return []
        week = self.form["week"].get(DAYS[day.weekday()], [])
        wanted = self.form.get("date_overrides", {}).get(day.isoformat(), week)
        cuts = self.form.get("date_breaks", {}).get(day.isoformat(), [])
        found = []
        for start, end in wanted:
            run = None
            for second in [*range(_seconds(start), _seconds(end), _s(self)), None]:
                is_open = second is not None and not any(
                    _seconds(a) <= second < _seconds(b) for a, b in cuts
                )
                if is_open and run is None:
                    run = second
                if not is_open and run is not None:
                    found.append((run, _seconds(end) if second is None else second))
                    run = None
        return found

    def _shows(self, day: Any, seconds: int) -> int:
        """The first step at which the wall clock shows this time or a later one."""
        wanted = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)
        # Starts a day early, so that a change of clocks the day before cannot mislead it.
        n = max(0, int((wanted.replace(tzinfo=UTC) - self.first) / self.unit) - 93_600 // _s(self))
        while self.local[n] < wanted:
            n += 1
        return n

    def step(self, at: datetime) -> int:
        return int((at - self.first) / self.unit)

    def runs(self, n: int, pauses: Pauses) -> bool:
        at = self.moments[n]
        return self.open[n] and not any(a <= at and (b is None or at < b) for a, b in pauses)

    def elapsed(self, a: datetime, b: datetime, pauses: Pauses = ()) -> timedelta:
        return self.unit * sum(self.runs(n, pauses) for n in range(self.step(a), self.step(b)))

    def add(self, at: datetime, span: timedelta, pauses: Pauses = ()) -> datetime | None:
        left, n = span, self.step(at)
        while n < len(self.moments):
            if self.runs(n, pauses):
                left -= self.unit
                if left <= timedelta(0):
                    return self.moments[n] + self.unit
            n += 1
        return None

    def back(self, at: datetime, span: timedelta) -> datetime | None:
        left = span
        for n in range(self.step(at) - 1, -1, -1):
            if self.open[n]:
                left -= self.unit
                if left <= timedelta(0):
                    return self.moments[n]
        return None

    def next_open(self, at: datetime) -> datetime | None:
        return next(
            (self.moments[n] for n in range(self.step(at), len(self.open)) if self.open[n]), None
        )

    def last_open(self, at: datetime) -> datetime | None:
        """The moment itself if open, else the end of the last open step before it."""
        if self.open[self.step(at)]:
            return at
        before = range(self.step(at) - 1, -1, -1)
        return next((self.moments[n] + self.unit for n in before if self.open[n]), None)

    def received(self, at: datetime) -> Any:
        """The first working day, from the local date of `at` on, that has not closed before."""
        today = at.astimezone(self.zone).date()
        return next(
            day
            for day, end in sorted(self.last_step.items())
            if day >= today and at <= self._moment(end)
        )

    def closings(self, at: datetime, pauses: Pauses) -> list[datetime]:
        """Every counted closing after the day of receipt."""
        received = self.received(at)
        ends = [self._moment(end) for day, end in sorted(self.last_step.items()) if day > received]
        return [c for c in ends if not any(a <= c and (b is None or c < b) for a, b in pauses)]

    def _moment(self, n: int) -> datetime:
        return self.first + self.unit * n


def _s(reference: Reference) -> int:
    return int(reference.unit.total_seconds())


def _seconds(words: str) -> int:
    hours, minutes = words.split(":")
    return int(hours) * 3600 + int(minutes) * 60
