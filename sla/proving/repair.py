"""Timers worked out anew from the log and put right where they differ.

A timer's row is a cache of a fold over the log (see sla.tracking). So is the date that a feature
orders its lists by, and the one at which a subject ends by itself. What the log says was due and
nobody has recorded is recorded by the way, as a sweep would.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from core import clock
from core.database import db
from core.events import Event
from sla import tracking
from sla.features import Dates, Feature
from sla.kinds import TIMER_BREACHED, TIMER_STEPPED
from sla.models import TimerRow
from sla.proving.histories import Read, read_kinds
from sla.rows import row_values, write

JUST_BEFORE = timedelta(microseconds=1)
NOTHING = Dates(None)
Recorded = dict[tuple[str, int], tuple[bool, set[str]]]


def differs(subject: str) -> bool:
    """True if what is stored is not what the log gives; nothing is changed.

    What has come since the last sweep is the next one's business, so a timer that waits for it is
    judged as of the moment before.
    """
    stored = tracking.timers([subject])[subject]
    now = clock.now()
    waiting = [r.next_action_at for r in stored if r.next_action_at and r.next_action_at < now]
    at = min(waiting) - JUST_BEFORE if waiting else now
    state = tracking.folded(subject)
    state.advance(at)
    given = [row_values(subject, timer, at) for timer in state.timers]
    feature = tracking.feature_of(subject)
    kept = feature.kept([subject]).get(subject, NOTHING)
    if kept.due != state.next_due() or not tracking.same(stored, given):
        return True
    return kept.ends != told_end(feature, _log(subject, feature))


def told_end(feature: Feature, log: Read) -> datetime | None:
    """When a subject ends by itself, as its log tells it."""
    if feature.ending is None:
        return None
    return feature.ending.told((at, data) for _, _, at, data in log)


def _log(subject: str, feature: Feature) -> Read:
    """The acts of a subject in their order; nothing of those that never end by themselves."""
    if feature.ending is None:
        return []
    asked = select(Event.id, Event.kind, Event.at, Event.data).where(
        Event.subject == subject, Event.kind.in_(read_kinds(subject))
    )
    return [(i, k, at, data) for i, k, at, data in db.session.execute(asked.order_by(Event.id))]


def repair(subject: str) -> bool:
    """Store what the log gives if it differs; True if it did. Takes the locks of an act."""
    if not differs(subject):
        return False
    feature = tracking.feature_of(subject)
    feature.lock(subject)
    stored = locked(subject)
    at = clock.now()
    state = tracking.folded(subject)
    state.advance(at)
    given = {(timer.metric.value, timer.cycle) for timer in state.timers}
    strays = [row.id for row in stored if (row.metric, row.cycle) not in given]
    db.session.execute(delete(TimerRow).where(TimerRow.id.in_(strays)))
    write(subject, state, [row for row in stored if row.id not in strays], at)
    tracking.record(subject, state, _recorded(subject))
    feature.keep_due(subject, state.next_due())
    if feature.ending is not None:
        feature.ending.keep(subject, told_end(feature, _log(subject, feature)))
    return True


def locked(subject: str) -> Sequence[TimerRow]:
    """A subject's stored timers, held until the transaction ends."""
    return db.session.scalars(
        select(TimerRow)
        .where(TimerRow.subject == subject)
        .order_by(TimerRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _recorded(subject: str) -> Recorded:
    """What the log has of breaches and steps: rows may be gone, what was said stays said."""
    found: Recorded = {}
    rows = db.session.execute(
        select(Event.kind, Event.data).where(
            Event.subject == subject, Event.kind.in_([TIMER_BREACHED.name, TIMER_STEPPED.name])
        )
    )
    for kind, data in rows:
        key = (str(data["metric"]), int(data["cycle"]))
        breached, said = found.get(key, (False, set[str]()))
        if kind == TIMER_STEPPED.name:
            said = said | {str(data["step"])}
        found[key] = (breached or kind == TIMER_BREACHED.name, said)
    return found
