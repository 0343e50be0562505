"""A due date as an expression, so that it can be worked out anew after every pause.

A promise is not a date but a rule that gives one: "14 working days from filing", or after a
change "the new target, yet not sooner than there was time to act". Keeping the rule and not only
its result means that pauses, resumes and further changes all recompute from the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sla.rules.calendar import Calendar, WallClock
from sla.rules.policy import Base, Target, Unit

Pause = tuple[datetime, datetime | None]
Pauses = Sequence[Pause]

WALL = WallClock()


def base_of(target: Target, calendar: Calendar) -> Calendar | WallClock:
    """What the seconds of a target are counted on."""
    return WALL if target.base is Base.WALL else calendar


def after_pauses(at: datetime, pauses: Pauses) -> datetime | None:
    """A moment that falls at or in a pause comes at its end: nothing was left, so the resume is
    the moment (promises, section 3). None if that pause has no end yet."""
    for start, end in sorted(pauses, key=lambda p: p[0]):
        if start <= at and (end is None or at < end):
            if end is None:
                return None
            at = end
    return at


class Due:
    """A rule that gives a due date under given pauses; None: not before an open pause ends."""

    def at(self, pauses: Pauses) -> datetime | None:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Fixed(Due):
    """A date that somebody else fixed, such as a city's own due date of an imported ticket."""

    moment: datetime

    def at(self, pauses: Pauses) -> datetime | None:
        return self.moment


@dataclass(frozen=True, slots=True)
class FromStart(Due):
    """A target counted from a start on one version of a calendar."""

    start: datetime
    target: Target
    calendar: Calendar

    def at(self, pauses: Pauses) -> datetime | None:
        if self.target.unit is Unit.DAYS:
            return self.calendar.add_working_days(self.start, self.target.n, pauses)
        found = base_of(self.target, self.calendar).add(self.start, self.target.span, pauses)
        return None if found is None else after_pauses(found, pauses)


@dataclass(frozen=True, slots=True)
class Later(Due):
    """The later of two."""

    one: Due
    other: Due

    def at(self, pauses: Pauses) -> datetime | None:
        a, b = self.one.at(pauses), self.other.at(pauses)
        return None if a is None or b is None else max(a, b)


@dataclass(frozen=True, slots=True)
class Earlier(Due):
    """The earlier of two; one that is not reached yet counts as never."""

    one: Due
    other: Due

    def at(self, pauses: Pauses) -> datetime | None:
        a, b = self.one.at(pauses), self.other.at(pauses)
        if a is None or b is None:
            return b if a is None else a
        return min(a, b)
