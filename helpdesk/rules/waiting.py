"""How long and how often a ticket waited for its citizen: what a pause budget is counted by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.rules.patterns import Line, Pattern, Sighting, Sizes
from sla.rules.calendar import Calendar

PENDING = "PENDING"


@dataclass(frozen=True, slots=True)
class Wait:
    """From the question to whatever ended the waiting; `end` None: it lasts."""

    begin: Line
    end: Line | None = None

    def length(self, calendar: Calendar, now: datetime) -> timedelta:
        """In open time."""
        return calendar.elapsed(self.begin.at, self.end.at if self.end else now)


@dataclass(frozen=True, slots=True)
class Spent:
    """What of a budget is used: open time, and questions."""

    time: timedelta
    times: int

    def over(self, sizes: Sizes) -> bool:
        return self.time > sizes.waiting or self.times > sizes.pauses


def waits(lines: Iterable[Line]) -> list[Wait]:
    """The waits of a ticket, from its log in order."""
    found: list[Wait] = []
    for line in lines:
        status = line.data.get("status")
        if status is None:
            continue
        lasts = bool(found) and found[-1].end is None
        if status == PENDING and not lasts:
            found.append(Wait(line))
        elif lasts and status != PENDING:
            found.append(Wait(found.pop().begin, line))
    return found


def spent(lines: Iterable[Line], calendar: Calendar, now: datetime) -> Spent:
    """What of the budget is used by `now`."""
    found = waits(lines)
    total = sum((wait.length(calendar, now) for wait in found), timedelta(0))
    return Spent(total, len(found))


def over_budget(
    lines: Sequence[Line], calendars: Mapping[int, Calendar], sizes: Sizes
) -> list[Sighting]:
    """Waits beyond the budget, each with the moment at which it went over; for a wait that lasts,
    that may lie ahead. `calendars`: of each question's event."""
    used, found = timedelta(0), []
    every, queue = waits(lines), _queues(lines)
    for n, wait in enumerate(every, start=1):
        begin, calendar = wait.begin, calendars[wait.begin.id]
        left = max(timedelta(0), sizes.waiting - used)
        at = calendar.add(begin.at, left) if left and n <= sizes.pauses else begin.at
        assert at is not None  # None is for pauses without end
        if wait.end is not None:
            used += wait.length(calendar, wait.end.at)
        if wait.end is None or at < wait.end.at:
            evidence = tuple(one.begin.id for one in every[:n])
            seen = (begin.actor, at, queue[begin.id], evidence)
            found.append(Sighting(Pattern.OVER_BUDGET, begin.id, *seen, count=n))
    return found


def _queues(lines: Iterable[Line]) -> dict[int, int]:
    """In which queue the ticket was at each event."""
    found, now = {}, 0
    for line in lines:
        found[line.id] = now
        if "queue" in line.data:
            now = int(line.data["queue"])
    return found
