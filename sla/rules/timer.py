"""A timer: the stopwatch of one metric of one subject in one cycle, and how to read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sla.rules.due import Due, Pause
from sla.rules.policy import Metric, Policy, Target


class Reading(StrEnum):
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    MET = "MET"
    BREACHED = "BREACHED"
    VOID = "VOID"


@dataclass(slots=True)
class Timer:
    """What a fold over the log says of one promise. All moments are aware UTC.

    `due` is the rule, `due_at` what it gives now (None while paused). `late` stays true once the
    due date has passed: from then on nothing moves it.
    """

    metric: Metric
    cycle: int
    started_at: datetime
    target: Target
    policy: Policy
    calendar_id: int
    due: Due
    minimum: Due | None = None
    fixed_minimum: bool = False  # a cycle of the reopen minimum alone keeps it under every policy
    due_at: datetime | None = None
    promised_at: datetime | None = None
    promised_to: dict[str, datetime] = field(default_factory=dict)  # other requesters, by subject
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    cause: str | None = None
    late: bool = False
    asleep: bool = False  # put aside by a merge that was undone later
    woken: bool = False  # had its time to act after such a merge; there is no second one
    pauses: list[Pause] = field(default_factory=list)
    said: dict[str, datetime] = field(default_factory=dict)
    plan: list[tuple[datetime, str]] = field(default_factory=list)
    counted: tuple[object, ...] = ()  # what its date and steps were last worked out from

    @property
    def live(self) -> bool:
        return self.stopped_at is None

    def read(self, at: datetime) -> Reading:
        """The reading at a moment; a due date that equals it is still in time."""
        if self.cause is not None:
            return Reading.VOID
        if self.late:
            return Reading.BREACHED
        if self.stopped_at is not None:
            return Reading.MET
        if self.paused_at is not None:
            return Reading.PAUSED
        if self.due_at is not None and self.due_at < at:
            return Reading.BREACHED
        return Reading.RUNNING
