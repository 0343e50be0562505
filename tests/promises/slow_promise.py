"""One promise as it is counted by hand, slowly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.promises.slow_calendar import Pauses

Due = Callable[[Pauses], datetime | None]
Target = dict[str, Any]


@dataclass
class Promise:
    metric: str
    cycle: int
    start: datetime
    target: Target
    count: Due
    under: tuple[int, int]  # policy and calendar
    minimum: Due | None = None
    reopened: datetime | None = None
    alone: bool = False  # a cycle of the minimum alone, which no policy moves
    stopped: datetime | None = None
    frozen: datetime | None = None
    late: bool = False
    void: str = ""

    def due(self, pauses: Pauses) -> datetime | None:
        found = self.count(pauses)
        if self.minimum is None or found is None:
            return found
        least = self.minimum(pauses)
        return None if least is None else max(found, least)


def later(one: Due, other: Due) -> Due:
    def both(pauses: Pauses) -> datetime | None:
        a, b = one(pauses), other(pauses)
        return None if a is None or b is None else max(a, b)

    return both


def earlier(one: Due, other: Due) -> Due:
    def both(pauses: Pauses) -> datetime | None:
        a, b = one(pauses), other(pauses)
        return b if a is None else a if b is None else min(a, b)

    return both
