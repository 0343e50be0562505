"""Who stands at a level of the office at a moment: its people, their shifts, leave, substitutes.

1 are the supervisors, 2 the head of the service, 3 the leadership. Plain values in, ids out.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

TOP = 9  # levels at most
USUAL_TOP = 3  # so many there are always; above them only those for which somebody was named


@dataclass(frozen=True, slots=True)
class Duty:
    """A person of a level, from a moment until before another (None: from ever, for ever)."""

    user_id: int
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody is away from a moment until before another; `substitute` stands in, if named."""

    user_id: int
    since: datetime
    until: datetime
    substitute: int | None = None


class Flaw(StrEnum):
    """What is wrong with a leave."""

    BACKWARDS = "Leave ends after it begins."
    OVER = "This leave is over already."
    OVERLAPS = "This person is on leave then already."
    CIRCLE = "These substitutes stand in for each other in a circle."


# The field of a form that is to be mended.
FIELD_OF = {
    Flaw.BACKWARDS: "until",
    Flaw.OVER: "until",
    Flaw.OVERLAPS: "since",
    Flaw.CIRCLE: "substitute",
}


class InvalidLeave(ValueError):
    """A leave that cannot be. `flaw` says why; whoever shows it says it in the reader's words."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


def on_duty(
    duties: Iterable[Duty], leaves: Sequence[Leave], at: datetime, works: Container[int]
) -> list[int]:
    """Who is asked at this moment, in order and without doubles, of those who work here (`works`).
    Whoever is away is stood in for, also by way of several; if nobody at all is there, the people
    themselves are asked, since a report must not wait before an empty room."""
    named = [d.user_id for d in duties if d.user_id in works and _within(d.since, d.until, at)]
    there = [_present(user_id, leaves, at, works) for user_id in named]
    found = dict.fromkeys(user_id for user_id in there if user_id is not None)
    return list(found) or list(dict.fromkeys(named))


def _present(
    user_id: int, leaves: Sequence[Leave], at: datetime, works: Container[int]
) -> int | None:
    seen: set[int] = set()
    current: int | None = user_id
    while current is not None and current not in seen:
        seen.add(current)
        away = next(
            (one for one in leaves if one.user_id == current and one.since <= at < one.until), None
        )
        if away is None:
            return current if current in works else None
        current = away.substitute
    return None


def check(leave: Leave, others: Sequence[Leave], now: datetime) -> None:
    """Raises InvalidLeave for leave that is over, ends before it begins, overlaps another of the
    same person, or whose substitutes go in a circle."""
    if leave.until <= leave.since:
        raise InvalidLeave(Flaw.BACKWARDS)
    if leave.until <= now:
        raise InvalidLeave(Flaw.OVER)
    meanwhile = [one for one in others if one.since < leave.until and leave.since < one.until]
    if any(one.user_id == leave.user_id for one in meanwhile):
        raise InvalidLeave(Flaw.OVERLAPS)
    reached, following = set[int](), [leave.substitute]
    while following:
        person = following.pop()
        if person == leave.user_id:
            raise InvalidLeave(Flaw.CIRCLE)
        if person is not None and person not in reached:
            reached.add(person)
            following += [one.substitute for one in meanwhile if one.user_id == person]


def above(level: int, named: Collection[int]) -> int | None:
    """The next level to which a report climbs, None at the top. `named`: levels for which
    somebody was named; the usual three are always there."""
    heights = (n for n in range(level + 1, TOP + 1) if n <= USUAL_TOP or n in named)
    return next(heights, None)


def _within(since: datetime | None, until: datetime | None, at: datetime) -> bool:
    return (since is None or since <= at) and (until is None or at < until)
