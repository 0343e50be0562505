"""How long a citizen has: to answer a question, and to object to what was settled.

Both are whole calendar days and end with that local day (promises, sections 1.6 and 4). An office
may choose others; what a citizen was told never becomes shorter by that (section 5.5).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.rules.lifecycle import Status

SHORTEST, LONGEST = 1, 365  # calendar days


@dataclass(frozen=True, slots=True)
class Windows:
    """Calendar days: `reply` to a question, `reopen` of what was settled.

    Where no office chose: 30 days to complete a complaint (UU 25/2009, article 43), and the 10
    days after which SP4N-LAPOR! closes by itself. Raises ValueError outside 1 to 365.
    """

    reply: int = 30
    reopen: int = 10

    def __post_init__(self) -> None:
        if not all(SHORTEST <= days <= LONGEST for days in (self.reply, self.reopen)):
            raise ValueError(f"A window has {SHORTEST} to {LONGEST} days.")


USUAL = Windows()
Told = tuple[datetime, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the office chose, and since when, oldest first; before that the usual holds."""

    since: tuple[datetime, ...] = ()
    windows: tuple[Windows, ...] = ()

    def at(self, moment: datetime) -> Windows:
        """What held at a moment."""
        place = bisect_right(self.since, moment)
        return self.windows[place - 1] if place else USUAL

    def days(self, status: Status, filed_at: datetime, at: datetime) -> int | None:
        """The days that a report which comes to `status` at a moment is given; None where it does
        not wait for its citizen.

        A question gets what holds when it is asked. An objection gets the longest that held since
        the report was filed, since its receipt has named the days.
        """
        if status is Status.PENDING:
            return self.at(at).reply
        if status is not Status.RESOLVED:
            return None
        meanwhile = [
            windows.reopen
            for since, windows in zip(self.since, self.windows, strict=True)
            if filed_at < since <= at
        ]
        return max(self.at(filed_at).reopen, *meanwhile, SHORTEST)


def end_of_day(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The end of the local day that lies `days` calendar days after `at`: its midnight after."""
    day = at.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def days_until(at: datetime, until: datetime, zone: ZoneInfo) -> int:
    """The days that a window from `at` to the end of a day has."""
    return (until.astimezone(zone).date() - at.astimezone(zone).date()).days - 1


def ends_at(acts: Iterable[Told], zone: ZoneInfo) -> datetime | None:
    """When a report ends by itself, as its log alone says; None while nothing waits for its
    citizen. `acts`: the moment and the data of each, in order.

    The act that let it wait says until when. Those of before the days could be chosen do not:
    they gave the usual ones.
    """
    status: Status | None = None
    ends: datetime | None = None
    for at, data in acts:
        after = Status(str(data["status"])) if "status" in data else status
        if after is status:
            continue
        status = after
        said, days = data.get("closes"), Chosen().days(Status(str(after)), at, at)
        if said is not None:
            ends = datetime.fromisoformat(str(said))
        else:
            ends = None if days is None else end_of_day(at, days, zone)
    return ends
