"""What publishing a draft would do to open promises: worked out exactly, on all or on a sample.

The same fold and the same rule as the move itself, on a rulebook in which the draft is the newest
revision; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.canonical import parse_instant
from core.threads import aside
from sla import book, tracking
from sla.book import Book
from sla.proving import histories
from sla.recalculation import catching_up, moving
from sla.rules.calendar import Calendar
from sla.rules.facts import Fact
from sla.rules.fold import fold

SAMPLE = 400  # subjects; more than these are not folded while somebody waits
DRAFT = -1


@dataclass(slots=True)
class Foresight:
    """`total` open subjects, of which `looked` at; `later` and `earlier` count dates."""

    total: int
    looked: int = 0
    later: int = 0
    earlier: int = 0
    most_later: timedelta = timedelta(0)
    most_earlier: timedelta = timedelta(0)

    @property
    def whole(self) -> bool:
        return self.looked >= self.total


def foresee(key: str, form: dict[str, Any], at: datetime) -> Foresight:
    """As of a moment. The sample is spread evenly over all that is open, oldest to newest."""
    real = book.current()
    ahead = replace(
        real,
        newest={**real.newest, key: DRAFT},
        calendars={**real.calendars, DRAFT: Calendar.from_dict(form)},
    )
    crowds = {prefix: f.crowd for prefix, f in tracking.FEATURES.items() if f.crowd}
    found = Foresight(sum(crowd.count() for crowd in crowds.values()))
    every = -(-found.total // SAMPLE) or 1
    histories_: list[tuple[str, list[Fact]]] = []
    for prefix, crowd in sorted(crowds.items()):
        subjects = [f"{prefix}:{ident}" for ident in crowd.spread(every)]
        logs = moving.logs(prefix, subjects)
        histories_ += [(s, histories.facts_of(s, logs[s])) for s in subjects]
    for _, facts in histories_:
        for calendar in {fact.calendar for fact in facts if fact.calendar is not None}:
            ahead.calendar(calendar)  # read here: the threads have no database
    aside("foresight", lambda: _count(found, histories_, ahead, at))
    return found


def _count(
    found: Foresight, subjects: Sequence[tuple[str, list[Fact]]], ahead: Book, at: datetime
) -> None:
    for subject, facts in subjects:
        found.looked += 1
        entries = catching_up.catch_up(subject, fold(facts, ahead), at, book=ahead)
        for entry in entries[1:]:
            was, due = (parse_instant(str(entry.data[name])) for name in ("was", "due"))
            if due > was:
                found.later += 1
                found.most_later = max(found.most_later, due - was)
            else:
                found.earlier += 1
                found.most_earlier = max(found.most_earlier, was - due)
