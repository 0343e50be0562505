"""What a publishing would do to open promises: worked out exactly, on all or on a sample.

The same fold and the same rule as the move itself, on a rulebook in which it is published already;
nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select

from core.canonical import parse_instant
from core.threads import aside
from sla import tracking
from sla.book import Book
from sla.proving import histories
from sla.recalculation import catching_up, moving
from sla.rules.facts import Fact
from sla.rules.fold import Fold, fold

SAMPLE = 400  # subjects; more than these are not folded while somebody waits
Told = list[tuple[str, list[Fact]]]
Among = Callable[[str], Select[Any]]  # of a kind of subject: the ids of those asked about


@dataclass(slots=True)
class Foresight:
    """`total` open subjects, of which `looked` at; `later` and `earlier` count dates, `ended` and
    `begun` promises that a policy lacks or gains."""

    total: int
    looked: int = 0
    later: int = 0
    earlier: int = 0
    ended: int = 0
    begun: int = 0
    most_later: timedelta = timedelta(0)
    most_earlier: timedelta = timedelta(0)

    @property
    def whole(self) -> bool:
        return self.looked >= self.total


def foresee(ahead: Book, at: datetime, among: Among | None = None) -> Foresight:
    """By a rulebook, as of a moment. The sample is spread evenly over all that is open (or those
    of them that are named), oldest to newest."""
    total, told = gather(ahead, among)
    found = Foresight(total)
    aside("foresight", lambda: _count(found, told, ahead, at))
    return found


def gather(ahead: Book, among: Among | None = None) -> tuple[int, Told]:
    """How many are open (of those that are named), and the facts of all or of a sample of them.
    What a rulebook needs to count them is read with them: the threads have no database."""
    crowds = {prefix: f.crowd for prefix, f in tracking.FEATURES.items() if f.crowd}
    named = {prefix: among(prefix) if among else None for prefix in crowds}
    total = sum(crowd.count(named[prefix]) for prefix, crowd in crowds.items())
    every = -(-total // SAMPLE) or 1
    told: Told = []
    for prefix, crowd in sorted(crowds.items()):
        subjects = [f"{prefix}:{ident}" for ident in crowd.spread(every, named[prefix])]
        logs = moving.logs(prefix, subjects)
        told += [(s, histories.facts_of(s, logs[s])) for s in subjects]
    for _, facts in told:
        for calendar in {fact.calendar for fact in facts if fact.calendar is not None}:
            ahead.calendar(calendar)
    for key in ahead.newest.values():
        ahead.calendar(key)
    return total, told


def _count(found: Foresight, subjects: Told, ahead: Book, at: datetime) -> None:
    for subject, facts in subjects:
        found.looked += 1
        state = fold(facts, ahead)
        before = _live(state)
        entries = catching_up.catch_up(subject, state, at, book=ahead)
        after = _live(state)
        found.ended += len(before - after)
        found.begun += len(after - before)
        for entry in entries[1:]:
            was, due = (parse_instant(str(entry.data[name])) for name in ("was", "due"))
            if due > was:
                found.later += 1
                found.most_later = max(found.most_later, due - was)
            else:
                found.earlier += 1
                found.most_earlier = max(found.most_earlier, was - due)


def _live(state: Fold) -> set[tuple[str, int]]:
    return {(t.metric.value, t.cycle) for t in state.timers if t.live}
