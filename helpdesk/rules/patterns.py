"""What deserves a look in a ticket's life (promises, sections 2.3, 3, 6): words and measures.

A pattern is no verdict. Everything here has an innocent reason more often than not; so it is
shown with its evidence, by a rule that anybody can read, and nothing follows from it by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sla.rules.policy import Metric


class Pattern(StrEnum):
    PAUSED_NEAR = "PAUSED_NEAR"  # asked the citizen, or waits for another office
    LOWERED_NEAR = "LOWERED_NEAR"  # its priority
    CHANGED_NEAR = "CHANGED_NEAR"  # its kind, topic, service or place
    MOVED_NEAR = "MOVED_NEAR"  # to another queue
    ENDED_NEAR = "ENDED_NEAR"  # spam, duplicate, merged, taken back: promises became void
    REOPENED_NEAR = "REOPENED_NEAR"  # was settled near the date, and taken up again
    SETTLED_AGAIN = "SETTLED_AGAIN"  # settled and reopened again and again
    AROUND_CLOSING = "AROUND_CLOSING"  # a short pause took a working day out of the count
    NO_QUESTION = "NO_QUESTION"  # waits for the citizen, who was not asked much
    OVER_BUDGET = "OVER_BUDGET"  # waited for the citizen longer or more often than is usual


@dataclass(frozen=True, slots=True)
class Sizes:
    """How it is judged; the office may choose others. Lengths are open time."""

    near: timedelta = timedelta(hours=2)
    short: timedelta = timedelta(hours=2)
    letters: int = 20  # of a question
    waiting: timedelta = timedelta(
        hours=165
    )  # for the citizen, in all; one question until it lapses
    pauses: int = 3  # so many questions with a wait are nothing special
    settlings: int = 2  # so many reopenings are worth a look


@dataclass(frozen=True, slots=True)
class Line:
    """An event of a ticket's log."""

    id: int
    kind: str
    actor: str
    at: datetime
    data: Mapping[str, int | str]

    @property
    def by_person(self) -> bool:
        """By somebody of the office; what happens by itself is no matter of anybody."""
        return self.actor.startswith("user:")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A pattern that was found: in which event, by whom, and from what it can be seen.

    `left`: of the promise's own time, before `due_at`; `later_at`: the date after the act, where
    that is later; `count`: letters, reopenings or questions, as the pattern counts them.
    """

    pattern: Pattern
    event: int
    person: str
    at: datetime
    queue: int
    evidence: tuple[int, ...]
    metric: Metric | None = None
    due_at: datetime | None = None
    left: timedelta | None = None
    later_at: datetime | None = None
    count: int | None = None
