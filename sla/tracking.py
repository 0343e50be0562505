"""Timers of anything that has an event history: start, refresh, rebuild.

A feature registers how its events read as facts. Each of its use cases locks its subject's row
and timers (`hold`), takes `at` after that, appends its event and calls `refresh`; the fold does
the rest, and what it finds past due is recorded here and now, so that sweeper and use case never
disagree.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, String, any_, bindparam, select

from core import events
from core.canonical import Value
from core.database import db
from core.events import Entry
from sla import book as rulebook
from sla.book import Choice, WasOpen, never
from sla.features import FEATURES, Feature, feature_of, register
from sla.kinds import TIMER_BREACHED, TIMER_STEPPED
from sla.models import TimerRow
from sla.proving.histories import folded, history
from sla.recalculation import catching_up, later
from sla.rows import row_values, write
from sla.rules.facts import Fact
from sla.rules.fold import Fold, fold
from sla.rules.openness import Openness


def choose(
    facts: Mapping[str, Iterable[str]], filed_at: datetime, was_open: WasOpen = never
) -> Choice:
    """The policy (in force at filing, or bound to what was open) and calendar (as of now) for
    these facts."""
    return rulebook.current().choose(facts, filed_at, was_open)


def was_open(subject: str, now: datetime) -> WasOpen:
    """When a subject that is here already was open, up to now; its log is read if it is asked."""

    @functools.cache
    def openness() -> Openness:
        return folded(subject).openness

    return lambda moment: moment <= now and openness().at(moment)


def foresee(fact: Fact) -> Fold:
    """The promises of a subject that is about to be filed; nothing is read or written."""
    return fold([fact], rulebook.current())


def start(subject: str, state: Fold, at: datetime) -> None:
    """Store what was foreseen, now that the subject has its ref."""
    write(subject, state, [], at)
    record(subject, state, {})


def refresh(subject: str, at: datetime) -> Fold:
    """Fold anew after an act at `at` and store the result. The caller holds the subject's lock,
    and took `at` after it held the timers."""
    stored = list(
        db.session.scalars(
            select(TimerRow)
            .where(TimerRow.subject == subject)
            .order_by(TimerRow.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    state = folded(subject)
    caught = catching_up.catch_up(subject, state, at, told=False)
    state.advance(at)
    known = {(r.metric, r.cycle): (r.breached_at is not None, set(r.said)) for r in stored}
    told = later.promised(stored)
    events.append(caught, quiet=True)
    write(subject, state, stored, at)
    record(subject, state, known)
    events.append(later.said(subject, told, state, at))
    return state


def bring_along(subject: str, held: Iterable[Any], at: datetime) -> None:
    """Before an act on a subject that publishings passed over (see sla.recalculation.reach), so
    that the act's own promises are counted by the calendar in force. `held`: its running timers,
    as `sla.rows.hold` returns them."""
    book = rulebook.current()
    stands = {(r.policy_id, r.calendar_id) for r in held if r.subject == subject}
    if any(book.newest[book.policy(p).calendar] != calendar for p, calendar in stands):
        refresh(subject, at)


def before_reopening(subject: str, at: datetime) -> None:
    """Before a settled subject is opened again, so that what it resumes and begins is counted by
    the calendar in force alone: a date of the older one would be promised for good."""
    caught = catching_up.catch_up(subject, folded(subject), at, told=False, reopens=True)
    events.append(caught, quiet=True)


Known = Mapping[tuple[str, int], tuple[bool, set[str]]]


def record(subject: str, state: Fold, known: Known) -> None:
    """Append what the fold found and no sweep had recorded: breaches at due, steps at theirs."""
    events.append(unrecorded(subject, state, known))


def unrecorded(subject: str, state: Fold, known: Known) -> list[Entry]:
    """The same as entries; `known` says of each timer what is recorded already."""
    found: list[Entry] = []
    for timer in state.timers:
        breached, said = known.get((timer.metric.value, timer.cycle), (False, set()))
        data: dict[str, Value] = {"metric": timer.metric.value, "cycle": timer.cycle}
        for name, moment in sorted(timer.said.items(), key=lambda item: item[1]):
            if name not in said:
                stepped = {**data, "step": name}
                found.append(Entry(TIMER_STEPPED, subject, "system", moment, stepped))
        if timer.late and not breached and timer.due_at is not None:
            found.append(Entry(TIMER_BREACHED, subject, "system", timer.due_at, data))
    return found


def rebuild(subject: str, now: datetime) -> list[dict[str, object]]:
    """The rows that the log alone gives, as of `now`; nothing is written."""
    state = folded(subject)
    state.advance(now)
    return [row_values(subject, timer, now) for timer in state.timers]


def same(stored: Sequence[TimerRow], fresh: Sequence[Mapping[str, object]]) -> bool:
    """True if every stored value equals the rebuilt one."""
    by_key = {(r.metric, r.cycle): r for r in stored}
    if len(by_key) != len(fresh):
        return False
    for values in fresh:
        row = by_key.get((str(values["metric"]), int(str(values["cycle"]))))
        if row is None or any(getattr(row, name) != value for name, value in values.items()):
            return False
    return True


_OF = (
    select(TimerRow)
    .where(TimerRow.subject == any_(bindparam("subjects", type_=ARRAY(String))))
    .order_by(TimerRow.id)
)


def timers(subjects: Sequence[str]) -> dict[str, list[TimerRow]]:
    """Stored timers of several subjects, in one statement."""
    found: dict[str, list[TimerRow]] = {subject: [] for subject in subjects}
    for row in db.session.scalars(_OF, {"subjects": list(subjects)}):
        found[row.subject].append(row)
    return found


__all__ = ["FEATURES", "Feature", "feature_of", "folded", "history", "register"]
