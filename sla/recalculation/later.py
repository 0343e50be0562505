"""Promises that got a later date than was told: each is said (promises, section 5.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from core.canonical import instant
from core.events import Entry
from sla.kinds import PROMISE_LATER
from sla.models import TimerRow
from sla.rules.fold import Fold

Promised = Mapping[tuple[str, int], datetime | None]


def promised(stored: Iterable[TimerRow]) -> Promised:
    """What was told of each timer, by metric and cycle."""
    return {(row.metric, row.cycle): row.promised_at for row in stored}


def said(subject: str, told: Promised, state: Fold, at: datetime) -> list[Entry]:
    """An event for each running promise that is later now than was told."""
    found = []
    for timer in state.timers:
        was = told.get((timer.metric.value, timer.cycle))
        if was is None or timer.promised_at is None or not timer.live or timer.promised_at <= was:
            continue
        data = {
            "metric": timer.metric.value,
            "cycle": timer.cycle,
            "was": instant(was),
            "promised": instant(timer.promised_at),
        }
        found.append(Entry(PROMISE_LATER, subject, "system", at, data))
    return found
