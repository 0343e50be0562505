"""What an office promises: metrics, targets, steps, and which policy applies to what.

Rules only: a policy says which calendar it means by key; the calendar itself is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sla.rules.deeds import Deed, InvalidDeed, check_ladder
from sla.rules.wrong import InvalidPolicy as InvalidPolicy
from sla.rules.wrong import Wrong

# Steps stand in the log by name, which holds none that somebody could make up: a percentage, a
# word, or an amount before or after due (b30m, a8h).
STEP = r"[0-9]{1,3}|before|half|soon|due|after|[ab][0-9]{1,7}[smh]"


class Metric(StrEnum):
    """What is timed; the table of sla.rules.metrics says when each starts and stops."""

    VERIFICATION = "VERIFICATION"
    FIRST_RESPONSE = "FIRST_RESPONSE"
    NEXT_RESPONSE = "NEXT_RESPONSE"
    UPDATE = "UPDATE"
    RESOLUTION = "RESOLUTION"
    PROCESSING = "PROCESSING"  # of an application, or of one of its stages
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"  # of an escalation


class Unit(StrEnum):
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"  # working days, a unit of its own


class Base(StrEnum):
    """The time base of a target: the office's opening hours, or every hour of the day."""

    BUSINESS = "business"
    WALL = "wall"


SECONDS_IN = {Unit.SECONDS: 1, Unit.MINUTES: 60, Unit.HOURS: 3600}
LONGEST = 3660 * 86_400  # seconds
MOST_DAYS = 2500  # working days, about as long


@dataclass(frozen=True, slots=True)
class Target:
    """How much time is promised: `n` of `unit`, on a time base."""

    n: int
    unit: Unit
    base: Base = Base.BUSINESS

    def __post_init__(self) -> None:
        if self.n <= 0:
            raise InvalidPolicy(Wrong.ZERO)
        if self.unit is Unit.DAYS and self.base is Base.WALL:
            raise InvalidPolicy(Wrong.WALL_DAYS)
        # In seconds, since a length of time has no room for whatever may be typed.
        most = MOST_DAYS if self.unit is Unit.DAYS else LONGEST // SECONDS_IN[self.unit]
        if self.n > most:
            raise InvalidPolicy(Wrong.TOO_LONG)

    @property
    def span(self) -> timedelta:
        """The target as a length of time; working days have none (ValueError)."""
        if self.unit is Unit.DAYS:
            raise ValueError("Working days are not a length of time.")
        return timedelta(seconds=self.n * SECONDS_IN[self.unit])

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> Target:
        """`{"n": 5, "unit": "days", "clock": "wall"}`; clock business if left out."""
        n = d.get("n")
        if isinstance(n, bool) or not isinstance(n, int):
            raise InvalidPolicy(Wrong.NOT_WHOLE)
        try:
            return cls(n, Unit(str(d.get("unit"))), Base(d.get("clock", "business")))
        except ValueError as error:
            if isinstance(error, InvalidPolicy):
                raise
            raise InvalidPolicy(Wrong.UNIT) from error

    def to_dict(self) -> dict[str, Any]:
        return {"n": self.n, "unit": self.unit.value, "clock": self.base.value}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens once per cycle: at a percentage, or an amount before or after due.

    `before` and `after` are counted in the timer's own clock. `in_hours`: never outside opening
    hours, but at the last opening moment before.
    """

    name: str
    percent: int | None = None
    before: timedelta | None = None
    after: timedelta | None = None
    in_hours: bool = False
    deeds: tuple[Deed, ...] = ()

    def __post_init__(self) -> None:
        if re.fullmatch(STEP, self.name, re.ASCII) is None:
            raise InvalidPolicy(Wrong.STEP_NAME)
        given = [v for v in (self.percent, self.before, self.after) if v is not None]
        if len(given) != 1:
            raise InvalidPolicy(Wrong.STEP_MOMENTS)
        if self.percent is not None and not 0 < self.percent <= 100:
            raise InvalidPolicy(Wrong.STEP_PERCENT)
        if any(isinstance(v, timedelta) and v <= timedelta(0) for v in given):
            raise InvalidPolicy(Wrong.STEP_AMOUNT)

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> Step:
        def amount(key: str) -> timedelta | None:
            return Target.from_dict(d[key]).span if d.get(key) else None

        try:
            return cls(
                str(d["name"]),
                d.get("percent"),
                amount("before"),
                amount("after"),
                bool(d.get("in_hours", False)),
                tuple(map(Deed.from_dict, d.get("does", ()))),
            )
        except InvalidPolicy:
            raise
        except InvalidDeed as error:
            raise InvalidPolicy(Wrong.DEED, str(error)) from error
        except (KeyError, ValueError) as error:
            raise InvalidPolicy(Wrong.UNREADABLE, str(error)) from error


@dataclass(frozen=True, slots=True)
class Policy:
    """Targets and steps per metric; `id` names one version of it for good."""

    id: int
    calendar: str
    targets: Mapping[Metric, Target]
    steps: Mapping[Metric, tuple[Step, ...]] = field(default_factory=dict)
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hold_pauses: bool = False

    def __post_init__(self) -> None:
        for steps in self.steps.values():
            names = [step.name for step in steps]
            if len(set(names)) < len(names):
                raise InvalidPolicy(Wrong.STEP_TWICE)
            try:
                check_ladder(step.deeds for step in in_order(steps))
            except InvalidDeed as error:
                raise InvalidPolicy(Wrong.DEED, str(error)) from error

    def deeds(self, metric: Metric, name: str) -> tuple[Deed, ...]:
        """What a step does, by its name; nothing for one that the policy does not have."""
        return next((s.deeds for s in self.steps.get(metric, ()) if s.name == name), ())

    def matches(self, facts: Mapping[str, Iterable[str]]) -> bool:
        """True if every condition has one of its values among the facts of that name."""
        return all(
            any(value in wanted for value in facts.get(name, ()))
            for name, wanted in self.conditions.items()
        )


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Steps as they come on their ladder, as far as that can be said without a calendar."""
    return sorted(steps, key=_place)


def _place(step: Step) -> tuple[int, float]:
    """Roughly where a step comes on its ladder: shares, then amounts before due, then after it."""
    if step.percent is not None:
        return 0, step.percent
    if step.before is not None:
        return 1, -step.before.total_seconds()
    assert step.after is not None
    return 2, step.after.total_seconds()


def choose(policies: Iterable[Policy], facts: Mapping[str, Iterable[str]]) -> Policy:
    """The first policy that matches, in the order given; the last one matches all."""
    for policy in policies:
        if policy.matches(facts):
            return policy
    raise InvalidPolicy(Wrong.NO_MATCH)
