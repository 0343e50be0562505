"""The neutral words in which a feature tells the engine what happened to a subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sla.rules.policy import Metric
from sla.rules.timer import Timer


class Act(StrEnum):
    FILED = "FILED"
    ACCEPTED = "ACCEPTED"  # a person confirmed class and queue
    ANSWERED = "ANSWERED"  # a public message by a person; asking is one
    RESOLVED = "RESOLVED"  # also refused and forwarded: each carries an answer
    WROTE = "WROTE"  # the citizen
    REOPENED = "REOPENED"
    APPEALED = "APPEALED"  # of a refusal or a result: promised anew in full
    BEGUN = "BEGUN"  # complete, a stage or a level reached, sent again, given back
    DONE = "DONE"  # signed or refused, the stage left or returned, acknowledged
    CHANGED = "CHANGED"  # another policy applies
    RECKONED = "RECKONED"  # the calendar's facts changed
    STOOD = "STOOD"  # only the standing changed: held, resumed, assigned
    RESET = "RESET"  # its cycle counts no more; the next one begins in full
    ADOPTED = "ADOPTED"  # another subject was merged into this one
    RELEASED = "RELEASED"  # a merge was undone: of the survivor, and of what was merged
    SPLIT = "SPLIT"  # a message went into a subject of its own
    ENDED = "ENDED"  # every end other than resolved, with its cause


class Standing(StrEnum):
    """Where the subject stands after the act, as far as timers care."""

    OPEN = "OPEN"
    WAITING = "WAITING"  # for the citizen
    HELD = "HELD"  # for another office
    SETTLED = "SETTLED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Fact:
    """One act. `policy` and `calendar` are ids, given when the act chose them; `wrote`: words of
    the citizen came with it."""

    at: datetime
    act: Act
    standing: Standing
    policy: int | None = None
    calendar: int | None = None
    cause: str | None = None
    wrote: bool = False
    fixed: Mapping[Metric, datetime] = field(default_factory=dict)
    # When the message was written that was split off, or the reply that was held.
    since: datetime | None = None
    other: str | None = None  # the subject that was merged, or is separate again
    timers: tuple[Timer, ...] = ()  # its promises at the merge
    undone: bool = False  # a merge that was undone later
