"""Calendar facts move running promises (promises, sections 5.2 to 5.4).

Each subject in a transaction of its own, under the locks of an act: one fact in its log, and an
event for each date that moved. Nobody is told by a delivery for each of them; who must hear of a
later date registers in `WHEN_MOVED` and gets all that a subject's move did at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from core import clock, events
from core.canonical import Value, instant
from core.database import transaction
from core.events import Entry
from sla import later, repair, tracking
from sla.kinds import CALENDAR_MOVED, TIMER_MOVED
from sla.models import TimerRow
from sla.rows import write
from sla.rules.facts import Act, Fact, Standing
from sla.rules.fold import Fold

BATCH = 500

# A promise that is past due is never moved, so nothing is asked of it.
_ON_OLD = text(
    """
    SELECT DISTINCT t.subject FROM timers t JOIN calendars c ON c.id = t.calendar_id
    WHERE c.key = :key AND c.id <> :newest AND t.stopped_at IS NULL AND t.breached_at IS NULL
      AND t.subject > :after
    ORDER BY t.subject LIMIT :batch
    """
)


@dataclass(frozen=True, slots=True)
class Moved:
    """One timer's date that moved, by the event that says it; `later` than the citizen knew."""

    event_id: int
    subject: str
    metric: str
    later: bool


WHEN_MOVED: list[Callable[[Sequence[Moved]], None]] = []


def waiting(key: str, newest: int) -> Iterator[str]:
    """Subjects whose running promises stand on an older revision of a calendar, in order."""
    after = ""
    while True:
        with transaction() as session:
            asked = {"key": key, "newest": newest, "after": after, "batch": BATCH}
            found = list(session.execute(_ON_OLD, asked).scalars())
        if not found:
            return
        yield from found
        after = found[-1]


def move(subject: str, key: str, newest: int) -> list[Moved]:
    """Count a subject's running promises anew on the newest revision; what moved. A second call
    finds nothing to do."""
    feature = tracking.feature_of(subject)
    feature.lock(subject)
    stored = repair.locked(subject)
    at = clock.now()
    state = tracking.folded(subject)
    chosen = state.chosen
    if chosen is None or chosen[0].calendar != key or chosen[1] == newest:
        return []
    if state.standing in (Standing.SETTLED, Standing.ENDED):
        return []  # only what is open moves
    policy, was = chosen[0].id, chosen[1]
    state.take(Fact(at, Act.RECKONED, state.standing, policy, newest))
    data: dict[str, Value] = {"policy": policy, "calendar": newest, "was": was}
    events.append([Entry(CALENDAR_MOVED, subject, "system", at, data)], quiet=True)
    return _stored(subject, state, stored, at, newest)


def _stored(
    subject: str, state: Fold, stored: Sequence[TimerRow], at: datetime, newest: int
) -> list[Moved]:
    known = {(r.metric, r.cycle): (r.breached_at is not None, set(r.said)) for r in stored}
    dues = {(r.metric, r.cycle): r.due_at for r in stored}
    told = later.promised(stored)
    write(subject, state, stored, at)
    tracking.record(subject, state, known)
    tracking.feature_of(subject).keep_due(subject, state.next_due())
    entries: list[Entry] = []
    for timer in state.timers:
        key = (timer.metric.value, timer.cycle)
        was, due = dues.get(key), timer.due_at
        if not timer.live or was is None or due is None or was == due:
            continue
        data: dict[str, Value] = {"metric": key[0], "cycle": key[1], "calendar": newest}
        data |= {"was": instant(was), "due": instant(due)}
        before = told.get(key)
        if timer.promised_at is not None and before is not None and timer.promised_at > before:
            data["promised"] = instant(timer.promised_at)
        entries.append(Entry(TIMER_MOVED, subject, "system", at, data))
    ids = events.append(entries, quiet=True)
    moved = [
        Moved(ident, subject, str(entry.data["metric"]), "promised" in entry.data)
        for ident, entry in zip(ids, entries, strict=True)
    ]
    for tell in WHEN_MOVED:
        tell(moved)
    return moved
