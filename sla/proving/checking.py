"""Stored timers compared with what the log gives, for a whole system, on every core.

Spans of subjects are read in one statement each and folded beside each other in processes of their
own; nothing is changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from typing import Any

from core import clock
from core.database import db
from sla import book as rulebook
from sla.features import FEATURES, Dates, Feature
from sla.proving import repair
from sla.proving.histories import facts_of
from sla.recalculation import told
from sla.recalculation.told import Span, Subject
from sla.rows import row_values
from sla.rules.fold import fold

BATCH = 1_000
JUST_BEFORE = repair.JUST_BEFORE
NOTHING = repair.NOTHING
Found = tuple[int, list[str]]  # how many subjects were seen, and which differ


def check(processes: int | None = None) -> Iterator[Found]:
    """Each span's findings as they come; small systems are looked through by this process."""
    spans = told.spans(BATCH)
    first = list(islice(spans, len(FEATURES) + 1))
    count = processes or os.cpu_count() or 1
    if count == 1 or len(first) <= len(FEATURES):
        yield from (differing(span) for span in (*first, *spans))
        return
    db.session.rollback()
    context = get_context("fork")  # children have the house already, and connections of their own
    with ProcessPoolExecutor(count, context, _child) as pool:
        waiting: set[Future[Found]] = {pool.submit(differing, span) for span in first}
        for span in spans:
            waiting.add(pool.submit(differing, span))
            if len(waiting) >= 2 * count:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        yield from (one.result() for one in waiting)


def _child() -> None:
    db.session.remove()
    db.engine.dispose(close=False)


def differing(span: Span) -> Found:
    """The subjects of a span whose stored timers, or a date kept of them, are not what the log
    gives. What has come since the last sweep is the next sweep's business."""
    subjects = list(told.read(span))
    feature = FEATURES[span[0]]
    kept = feature.kept([one.name for one in subjects])
    now = clock.now()
    # An act may come between two looks, so whatever seems to differ is looked at once more.
    wrong = [
        one.name
        for one in subjects
        if _differs(one, kept.get(one.name, NOTHING), feature, now) and repair.differs(one.name)
    ]
    db.session.rollback()
    return len(subjects), wrong


def _differs(one: Subject, kept: Dates, feature: Feature, now: datetime) -> bool:
    actions = [t["next_action_at"] for t in one.timers if t["next_action_at"]]
    waiting = [at for at in actions if at < now]
    at = min(waiting) - JUST_BEFORE if waiting else now
    state = fold(facts_of(one.name, one.log), rulebook.current())
    state.advance(at)
    if kept.due != state.next_due() or kept.ends != repair.told_end(feature, one.log):
        return True
    if len(one.timers) != len(state.timers):
        return True
    return not _same(one.name, one.timers, state.timers, at)


def _same(
    subject: str, stored: Sequence[dict[str, Any]], given: Sequence[Any], at: datetime
) -> bool:
    by_key = {(row["metric"], row["cycle"]): row for row in stored}
    for timer in given:
        row = by_key.get((timer.metric.value, timer.cycle))
        if row is None:
            return False
        values = row_values(subject, timer, at)
        if any(value != row[name] for name, value in values.items() if name != "subject"):
            return False
    return True
