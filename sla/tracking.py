"""Timers of anything that has an event history: start, refresh, rebuild.

A feature registers how its events read as facts. Each of its use cases locks its subject's row
and timers (`hold`), takes `at` after that, appends its event and calls `refresh`; the fold does
the rest, and what it finds past due is recorded here and now, so that sweeper and use case never
disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import events
from core.canonical import Value
from core.database import db
from core.events import Entry, Event
from sla import book as rulebook
from sla import later
from sla.book import Choice
from sla.kinds import CALENDAR_MOVED, TIMER_BREACHED, TIMER_STEPPED
from sla.models import TimerRow
from sla.rows import row_values, write
from sla.rules.facts import Act, Fact
from sla.rules.fold import Fold, fold

Translator = Callable[[str, datetime, Mapping[str, Value]], Fact | None]


@dataclass(frozen=True, slots=True)
class Feature:
    """How the events of one kind of subject ("ticket") read as facts; how a subject is locked as
    its acts do; and the date that it keeps of its timers, to be read and to be put right."""

    kinds: tuple[str, ...]
    translate: Translator
    lock: Callable[[str], None]
    kept_due: Callable[[str], datetime | None]
    keep_due: Callable[[str, datetime | None], None]


FEATURES: dict[str, Feature] = {}


def register(prefix: str, feature: Feature) -> None:
    """Subjects "prefix:…" are told of in the log in this way."""
    FEATURES[prefix] = feature


def feature_of(subject: str) -> Feature:
    return FEATURES[subject.partition(":")[0]]


def choose(facts: Mapping[str, Iterable[str]], filed_at: datetime) -> Choice:
    """The policy (in force at filing) and calendar (as of now) for these facts."""
    return rulebook.current().choose(facts, filed_at)


def history(
    subject: str, log: Sequence[Event] | None = None, before: int | None = None
) -> list[Fact]:
    """The facts of a subject from the log (given by whoever has read it whole), or those before
    an event. Ids of one subject are in the order of its acts, because each act holds the
    subject's lock."""
    feature = feature_of(subject)
    wanted = (*feature.kinds, CALENDAR_MOVED.name)
    asked = select(Event.id, Event.kind, Event.at, Event.data).where(Event.subject == subject)
    if log is None:
        if before is not None:
            asked = asked.where(Event.id < before)
        asked = asked.where(Event.kind.in_(wanted)).order_by(Event.id)
        read: Iterable[Any] = db.session.execute(asked)
    else:
        read = [(one.id, one.kind, one.at, one.data) for one in log if one.kind in wanted]
    facts: list[Fact] = []
    for event_id, kind, at, data in read:
        if kind == CALENDAR_MOVED.name:
            policy, calendar = int(data["policy"]), int(data["calendar"])
            fact: Fact | None = Fact(at, Act.RECKONED, facts[-1].standing, policy, calendar)
        else:
            fact = feature.translate(kind, at, data)
        if fact is not None:
            facts.append(_with_others(fact, facts, event_id))
    return facts


def _with_others(fact: Fact, facts: list[Fact], event_id: int) -> Fact:
    """A merge brings the promises of the other subject as they were; one that is undone marks
    the merge that it undoes."""
    if fact.act is Act.ADOPTED and fact.other is not None:
        others = fold(history(fact.other, before=event_id), rulebook.current())
        others.advance(fact.at)
        return replace(fact, timers=tuple(others.timers))
    if fact.act is Act.RELEASED:
        for n in range(len(facts) - 1, -1, -1):
            if facts[n].other == fact.other and not facts[n].undone:
                facts[n] = replace(facts[n], undone=True)
                break
    return fact


def folded(subject: str, log: Sequence[Event] | None = None) -> Fold:
    """The subject's timers worked out anew from the log, up to its last act."""
    return fold(history(subject, log), rulebook.current())


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
    state.advance(at)
    known = {(r.metric, r.cycle): (r.breached_at is not None, set(r.said)) for r in stored}
    told = later.promised(stored)
    write(subject, state, stored, at)
    record(subject, state, known)
    events.append(later.said(subject, told, state, at))
    return state


def record(
    subject: str,
    state: Fold,
    known: Mapping[tuple[str, int], tuple[bool, set[str]]],
) -> None:
    """Append what the fold found and no sweep had recorded: breaches at due, steps at theirs."""
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
    events.append(found)


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


def timers(subjects: Sequence[str]) -> dict[str, list[TimerRow]]:
    """Stored timers of several subjects, in one statement."""
    found: dict[str, list[TimerRow]] = {subject: [] for subject in subjects}
    rows = db.session.scalars(
        select(TimerRow).where(TimerRow.subject.in_(subjects)).order_by(TimerRow.id)
    )
    for row in rows:
        found[row.subject].append(row)
    return found
