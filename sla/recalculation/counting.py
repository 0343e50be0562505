"""Timers that are counted alike, counted by another calendar at once, on arrays.

Each answer is that of the rules one by one, without pauses; instants are int64 microseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np

from sla import batch
from sla.book import Book
from sla.recalculation.stored import Counted, Kept
from sla.rules.calendar import Calendar
from sla.rules.changing import reaction
from sla.rules.interval import MILLION, micros, span_micros
from sla.rules.policy import Base, Metric, Step, Target, Unit
from sla.rules.rulebook import USUAL

Micros = batch.Micros
Key = tuple[int, int, str, str]  # policy, newest revision, metric, target: counted alike


def count(key: Key, timers: Sequence[Kept], book: Book, at: datetime) -> Iterator[Counted]:
    """As `sla.rules.changing.retarget` and `sla.rules.running.reckon` do one by one."""
    policy, newest, metric, written = key
    target, calendar = Target.from_dict(json.loads(written)), book.calendar(newest)
    start, old, promised = (
        np.array([getattr(timer, name) for timer in timers], np.int64)
        for name in ("start", "due", "promised")
    )
    time_to_act = reaction(USUAL, target, calendar, at).at(())
    assert time_to_act is not None
    due = np.maximum(_from_start(start, target, calendar), np.minimum(old, micros(time_to_act)))
    told = np.maximum(promised, due)
    steps = []
    for step in book.policy(policy).steps.get(Metric(metric), ()):
        moments = _moments(step, start, due, target, calendar)
        steps.append((step.name, moments.tolist(), _words(moments)))
    words = zip(_words(old), _words(due), strict=True)
    for n, (timer, said_as) in enumerate(zip(timers, words, strict=True)):
        said = () if timer.said == "{}" else json.loads(timer.said)
        plan = sorted((at_[n], name, says[n]) for name, at_, says in steps if name not in said)
        yield Counted(
            kept=timer,
            due=int(due[n]),
            promised=int(told[n]),
            plan=json.dumps([[says, name] for _, name, says in plan]),
            first=plan[0][0] if plan else None,
            words=said_as,
        )


def _words(moments: Micros) -> list[str]:
    """As core.canonical.instant writes them."""
    return [f"{words}Z" for words in np.datetime_as_string(moments.astype("datetime64[us]"))]


def _from_start(start: Micros, target: Target, calendar: Calendar) -> Micros:
    """As `sla.rules.due.FromStart` without pauses."""
    if target.unit is Unit.DAYS:
        return batch.add_working_days(calendar, start, target.n)
    return _add(start, span_micros(target.span), target.base, calendar)


def _add(at: Micros, span: Micros | int, base: Base, calendar: Calendar) -> Micros:
    return at + span if base is Base.WALL else batch.add(calendar, at, span)


def _moments(step: Step, start: Micros, due: Micros, target: Target, calendar: Calendar) -> Micros:
    """As `sla.rules.escalation.moment` without pauses."""
    if step.after is not None:
        found = _add(due, span_micros(step.after), target.base, calendar)
    else:
        wall = target.base is Base.WALL
        total = np.maximum(due - start, 0) if wall else batch.elapsed(calendar, start, due)
        if step.percent is not None:
            offset = -(-(total * step.percent) // (MILLION * 100)) * MILLION
        else:
            offset = np.maximum(0, total - span_micros(step.before or timedelta(0)))
        found = start.copy()
        later = np.flatnonzero(offset > 0)
        found[later] = _add(start[later], offset[later], target.base, calendar)
    if step.in_hours:
        found = np.array([_in_hours(int(us), calendar) for us in found], np.int64)
    return found


def _in_hours(us: int, calendar: Calendar) -> int:
    return us if calendar.hours.is_open(us) else calendar.hours.last_open(us)
