"""What a publishing would do to open promises: worked out exactly, on all or on a sample.

The same fold and the same rule as the move itself, on a rulebook in which it is published already;
nothing is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.canonical import parse_instant
from core.threads import aside
from sla.book import Book
from sla.proving import histories
from sla.recalculation import catching_up, moving
from sla.recalculation.sampling import Among, Looked, Sample, sample
from sla.rules.facts import Fact
from sla.rules.fold import Fold, fold

Told = Sequence[tuple[str, list[Fact]]]


@dataclass(slots=True)
class Foresight(Looked):
    """`later` and `earlier` count dates, `ended` and `begun` promises that a policy lacks or
    gains."""

    later: int = 0
    earlier: int = 0
    ended: int = 0
    begun: int = 0
    most_later: timedelta = timedelta(0)
    most_earlier: timedelta = timedelta(0)


def foresee(ahead: Book, at: datetime, among: Among | None = None) -> Foresight:
    """By a rulebook, as of a moment; on all that is open (or is asked about) or on a sample."""
    looked, told = gather(ahead, among)
    found = Foresight(looked.total, looked.about)
    aside("foresight", lambda: _count(found, told, ahead, at))
    return found


def gather(ahead: Book, among: Among | None = None) -> tuple[Sample, Told]:
    """The open subjects to look at, and their facts. What a rulebook needs to count them is read
    with them: the threads have no database."""
    looked, told = sample(among), list[tuple[str, list[Fact]]]()
    for prefix, subjects in looked.subjects.items():
        logs = moving.logs(prefix, subjects)
        told += [(s, histories.facts_of(s, logs[s])) for s in subjects]
    for _, facts in told:
        for calendar in {fact.calendar for fact in facts if fact.calendar is not None}:
            ahead.calendar(calendar)
    for key in ahead.newest.values():
        ahead.calendar(key)
    return looked, told


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
