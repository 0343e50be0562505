"""Many open subjects at once are brought to what binds them now.

What that is says sla.recalculation.catching_up. A batch is one
transaction: subjects that nobody holds are held, their logs folded, what moved
stored and logged in a few statements. Nobody is told by a delivery for each of them; who must hear
of a later date registers in `WHEN_MOVED` and gets all that a batch did.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import clock, events
from core.database import db
from core.events import Entry, Event
from sla import book, tracking
from sla.kinds import TIMER_MOVED
from sla.proving import histories
from sla.recalculation import catching_up, storing
from sla.recalculation.stored import Kept
from sla.recalculation.straight import count_anew
from sla.rows import write_many
from sla.rules.fold import Fold, fold
from sla.rules.interval import instant

log = logging.getLogger(__name__)

Stored = Mapping[str, Sequence[Kept]]


@dataclass(frozen=True, slots=True)
class Moved:
    """One timer's date that moved, by the event that says it; `later` than the citizen knew."""

    event_id: int
    subject: str
    metric: str
    later: bool


@dataclass(slots=True)
class Done:
    """What a batch did; `held` are subjects that somebody else held."""

    seen: int = 0
    failed: int = 0
    moved: list[Moved] = field(default_factory=list)
    held: list[str] = field(default_factory=list)


WHEN_MOVED: list[Callable[[Sequence[Moved]], None]] = []


def move(prefix: str, subjects: Sequence[str]) -> Done:
    """Bring these subjects of one kind up to date; a second time there is nothing to do."""
    done = Done()
    free, stored = _hold(prefix, subjects)
    done.held = [subject for subject in subjects if subject not in free]
    at = clock.now()
    done.seen = len(free)
    straight = count_anew(_straight(prefix, free, stored), book.current(), at)
    counted = [one for one in straight.values() if one is not None]
    storing.store(counted)
    entries = [entry for one in counted for entry in one.entries]
    dues = {_id(one.subject): instant(one.next_due) for one in counted}
    rest = [subject for subject in free if subject not in straight]
    read = logs(prefix, rest)
    states: list[tuple[str, Fold, Sequence[Kept]]] = []
    for subject in rest:
        try:
            caught = _caught(subject, read[subject], stored[subject], at)
        except Exception:
            log.exception("%s could not be counted anew", subject)
            done.failed += 1
            continue
        if caught is not None:
            states.append((subject, caught[0], stored[subject]))
            entries += caught[1]
    write_many(states, at)
    ids = events.append(entries, quiet=True)
    crowd = tracking.FEATURES[prefix].crowd
    assert crowd is not None
    crowd.keep(dues | {_id(subject): state.next_due() for subject, state, _ in states})
    done.moved = [
        Moved(ident, entry.subject, str(entry.data["metric"]), "promised" in entry.data)
        for ident, entry in zip(ids, entries, strict=True)
        if entry.kind is TIMER_MOVED
    ]
    for tell in WHEN_MOVED:
        tell(done.moved)
    return done


def _id(subject: str) -> int:
    return int(subject.partition(":")[2])


def _hold(prefix: str, subjects: Sequence[str]) -> tuple[list[str], Stored]:
    """Those that nobody holds, with their timers, which are held from now on. Never waits: an act
    locks its subject and then the timers, the sweeper timers alone."""
    crowd = tracking.FEATURES[prefix].crowd
    assert crowd is not None
    got = crowd.held([_id(subject) for subject in subjects])
    free = [subject for subject in subjects if _id(subject) in got]
    stored = storing.hold(free)
    busy = storing.more(stored)
    return [subject for subject in free if subject not in busy], stored


def _straight(prefix: str, subjects: Sequence[str], stored: Stored) -> Stored:
    """Those whose lives had nothing in them that stored timers do not tell of."""
    crowd = tracking.FEATURES[prefix].crowd
    assert crowd is not None
    winding = crowd.winding(subjects)
    return {subject: stored[subject] for subject in subjects if subject not in winding}


def logs(prefix: str, subjects: Sequence[str]) -> Mapping[str, list[Any]]:
    """The events that state facts of these subjects of one kind, in one statement."""
    found: dict[str, list[Any]] = defaultdict(list)
    if subjects:
        kinds = histories.read_kinds(f"{prefix}:1")
        asked = select(Event.subject, Event.id, Event.kind, Event.at, Event.data).where(
            Event.subject.in_(subjects), Event.kind.in_(kinds)
        )
        for subject, event_id, kind, at, data in db.session.execute(asked.order_by(Event.id)):
            found[subject].append((event_id, kind, at, data))
    return found


def _caught(
    subject: str, read: list[Any], stored: Sequence[Kept], at: datetime
) -> tuple[Fold, list[Entry]] | None:
    state = fold(histories.facts_of(subject, read), book.current())
    caught = catching_up.catch_up(subject, state, at)
    if not caught:
        return None
    known = {(r.metric, r.cycle): (r.late, set(json.loads(r.said))) for r in stored}
    return state, [caught[0], *tracking.unrecorded(subject, state, known), *caught[1:]]
