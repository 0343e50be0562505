"""What a step of a ladder does when it comes. Rules only: who carries it out stands elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_LEVELS = 9


class Amiss(StrEnum):
    """What is wrong with a deed; pages say it in the reader's language (sla.policies.refusals)."""

    WHOM = "A step notifies the holder, a role, a person or a level."
    NOBODY = "A step that hands a report on must say to whom."
    LEVELS = "There are at most nine levels."
    NUMBER = "A level, a person and a queue are named by a whole number."
    UNKNOWN = "This is nothing that a step can do."
    NOT_HIGHER = "Each step must bring it before a higher level than before."
    CIRCLE = "This ladder leads back to where it has been."


class InvalidDeed(ValueError):
    """A deed that cannot be done; the text is a sentence, `why` what pages go by, and `at` its
    step's place in the order in which they come, where a whole ladder was looked at."""

    def __init__(self, why: Amiss, at: int | None = None) -> None:
        super().__init__(why.value)
        self.why, self.at = why, at


class Does(StrEnum):
    NOTIFY = "notify"  # "holder", a role ("SUPERVISOR"), a person ("user:3") or "level:2"
    RAISE = "raise"  # the priority, one step
    LEVEL = "level"  # brings it before a level of the office
    REASSIGN = "reassign"  # to a person
    QUEUE = "queue"  # moves it there
    CAUSE = "cause"  # demands a cause code
    WEBHOOK = "webhook"  # tells another system


WHOM = re.compile(r"holder|[A-Z]{3,20}|user:[1-9][0-9]{0,9}|level:[1-9]", re.ASCII)
NUMBERED = {Does.LEVEL, Does.REASSIGN, Does.QUEUE}


@dataclass(frozen=True, slots=True)
class Deed:
    """`to`: whom to notify; `n`: a level, a person's or a queue's id."""

    does: Does
    to: str = ""
    n: int = 0

    def __post_init__(self) -> None:
        if self.does is Does.NOTIFY and WHOM.fullmatch(self.to) is None:
            raise InvalidDeed(Amiss.WHOM)
        if self.does in NUMBERED and self.n < 1:
            raise InvalidDeed(Amiss.NOBODY)
        if self.does is Does.LEVEL and self.n > MOST_LEVELS:
            raise InvalidDeed(Amiss.LEVELS)

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> Deed:
        """`{"do": "notify", "to": "holder"}`, `{"do": "level", "n": 2}`."""
        n = d.get("n", 0)
        if isinstance(n, bool) or not isinstance(n, int):
            raise InvalidDeed(Amiss.NUMBER)
        try:
            return cls(Does(str(d.get("do"))), str(d.get("to", "")), n)
        except ValueError as error:
            if isinstance(error, InvalidDeed):
                raise
            raise InvalidDeed(Amiss.UNKNOWN) from error

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {"do": self.does.value}
        if self.to:
            found["to"] = self.to
        if self.n:
            found["n"] = self.n
        return found


def check_ladder(steps: Iterable[Iterable[Deed]]) -> None:
    """Raises InvalidDeed for a ladder that would go in a circle. `steps`: what each does, in the
    order in which they come."""
    highest, queues, people = 0, set[int](), set[int]()
    for at, deeds in enumerate(steps):
        for deed in deeds:
            if deed.does is Does.LEVEL:
                if deed.n <= highest:
                    raise InvalidDeed(Amiss.NOT_HIGHER, at)
                highest = deed.n
            been = {Does.QUEUE: queues, Does.REASSIGN: people}.get(deed.does)
            if been is not None:
                if deed.n in been:
                    raise InvalidDeed(Amiss.CIRCLE, at)
                been.add(deed.n)
