"""Who stands at a level of the office at a moment: its people, their shifts, leave, substitutes.

1 are the supervisors, 2 the head of the service, 3 the leadership. Plain values in, ids out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

TOP = 3


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


class InvalidLeave(ValueError):
    """A leave that cannot be; the text is a sentence for whoever enters it."""


def on_duty(duties: Iterable[Duty], leaves: Sequence[Leave], at: datetime) -> list[int]:
    """Who is asked at this moment, in order and without doubles. Whoever is away is stood in for,
    also by way of several; if nobody at all is there, the people themselves are asked, since a
    report must not wait before an empty room."""
    named = [d.user_id for d in duties if _within(d.since, d.until, at)]
    there = [_present(user_id, leaves, at) for user_id in named]
    found = dict.fromkeys(user_id for user_id in there if user_id is not None)
    return list(found) or list(dict.fromkeys(named))


def _present(user_id: int, leaves: Sequence[Leave], at: datetime) -> int | None:
    seen: set[int] = set()
    current: int | None = user_id
    while current is not None and current not in seen:
        seen.add(current)
        away = next(
            (one for one in leaves if one.user_id == current and one.since <= at < one.until), None
        )
        if away is None:
            return current
        current = away.substitute
    return None


def check(leave: Leave, others: Sequence[Leave], now: datetime) -> None:
    """Raises InvalidLeave with a sentence for leave that is over, ends before it begins, overlaps
    another of the same person, or whose substitutes go in a circle."""
    if leave.until <= leave.since:
        raise InvalidLeave("Leave ends after it begins.")
    if leave.until <= now:
        raise InvalidLeave("This leave is over already.")
    own = [one for one in others if one.user_id == leave.user_id]
    if any(one.since < leave.until and leave.since < one.until for one in own):
        raise InvalidLeave("This person is on leave then already.")
    reached, follow = {leave.user_id}, leave.substitute
    while follow is not None:
        if follow in reached:
            raise InvalidLeave("These substitutes stand in for each other in a circle.")
        reached.add(follow)
        follow = next(
            (
                one.substitute
                for one in others
                if one.user_id == follow and one.since < leave.until and leave.since < one.until
            ),
            None,
        )


def _within(since: datetime | None, until: datetime | None, at: datetime) -> bool:
    return (since is None or since <= at) and (until is None or at < until)
