"""Where promises are looked up, and the time that people are given to act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sla.rules.calendar import Calendar
from sla.rules.policy import Policy, Target, Unit


class Book(Protocol):
    """Where the fold looks up policies and calendars by the ids that facts name."""

    def policy(self, policy_id: int) -> Policy: ...

    def calendar(self, calendar_id: int) -> Calendar: ...


HALF_AN_HOUR = Target(30, Unit.MINUTES)
ONE_DAY = Target(1, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Allowances:
    """Time that people are given to act: after a change, and after a reopening."""

    reaction: Target = HALF_AN_HOUR
    reaction_in_days: Target = ONE_DAY
    reopen: Target = ONE_DAY


USUAL = Allowances()
