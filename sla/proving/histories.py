"""A subject's facts, read from its log and folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.canonical import Value
from core.database import db
from core.events import Event
from sla import book as rulebook
from sla.features import feature_of
from sla.recalculation.catching_up import MOVES
from sla.rules.facts import Act, Fact
from sla.rules.fold import Fold, fold

Read = Iterable[tuple[int, str, datetime, Mapping[str, Value]]]


def history(
    subject: str, log: Sequence[Event] | None = None, before: int | None = None
) -> list[Fact]:
    """The facts of a subject from the log (given by whoever has read it whole), or those before
    an event. Ids of one subject are in the order of its acts, because each act holds the
    subject's lock."""
    kinds = read_kinds(subject)
    asked = select(Event.id, Event.kind, Event.at, Event.data).where(Event.subject == subject)
    if log is None:
        if before is not None:
            asked = asked.where(Event.id < before)
        asked = asked.where(Event.kind.in_(kinds)).order_by(Event.id)
        read: Iterable[Any] = db.session.execute(asked)
    else:
        read = [(one.id, one.kind, one.at, one.data) for one in log if one.kind in kinds]
    return facts_of(subject, read)


def read_kinds(subject: str) -> tuple[str, ...]:
    """The kinds of events that state facts of a subject."""
    return (*feature_of(subject).kinds, *MOVES)


def facts_of(subject: str, read: Read) -> list[Fact]:
    """The facts that these events of a subject state, in their order."""
    translate = feature_of(subject).translate
    facts: list[Fact] = []
    for event_id, kind, at, data in read:
        if (act := MOVES.get(kind)) is not None:
            policy, calendar = int(data["policy"]), int(data["calendar"])
            fact: Fact | None = Fact(at, act, facts[-1].standing, policy, calendar)
        else:
            fact = translate(kind, at, data)
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
