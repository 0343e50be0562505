"""Which promises were about to fall due when something was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.rules import gaming
from sla.rules.due import base_of
from sla.rules.fold import Fold
from sla.rules.rulebook import Book
from sla.rules.timer import Timer


@dataclass(frozen=True, slots=True)
class Near:
    """A promise that was about to fall due."""

    timer: Timer
    due_at: datetime
    left: timedelta


def about_to_fall_due(state: Fold, book: Book, at: datetime, within: timedelta) -> list[Near]:
    """What runs, is not missed yet, and would be due within so much of its own time, soonest
    first."""
    found = []
    for timer in state.timers:
        if timer.live and not timer.late and not timer.asleep and timer.due_at is not None:
            base = base_of(timer.target, book.calendar(timer.calendar_id))
            if gaming.near(at, timer.due_at, base, within):
                found.append(Near(timer, timer.due_at, base.elapsed(at, timer.due_at)))
    return sorted(found, key=lambda one: (one.due_at, one.timer.metric.value))
