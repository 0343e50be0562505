"""Timers as components show them: a chip, a line among the facts, a live countdown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.canonical import instant
from core.i18n import compact_words, gettext
from helpdesk.promises.timers import (
    Timed,
    base_of_row,
    left_of,
    percent,
    running,
    settled,
    target_of,
    words,
)
from helpdesk.wording.labels import metric_words
from sla.models import TimerRow
from sla.rules.calendar import Calendar, WallClock
from sla.rules.policy import Unit


def nearest_chip(timer: Timed | None, now: datetime) -> dict[str, Any]:
    """The chip of the timer that is due next; of none, that it stands still."""
    if timer is None:
        return {"state": "paused", "words": gettext("stands still")}
    return chip(timer, now)


def chip(row: Timed, now: datetime) -> dict[str, Any]:
    """A timer as a chip, with what a live countdown needs."""
    stands = settled(row, now)
    if stands or row.due_at is None:
        return {"state": stands or "running", "words": words(row, now, stands, None, True)}
    base = base_of_row(row)
    left = left_of(row, now, base)
    found = {"state": running(left), "words": words(row, now, "", left, True)}
    if target_of(row).unit is not Unit.DAYS or found["state"] == "soon":
        found.update(_countdown(row, now, left, base))
    return found


def countdown(row: Timed, now: datetime) -> dict[str, Any]:
    """Due, the seconds left of its own clock, and until when that clock runs unbroken."""
    base = base_of_row(row)
    return _countdown(row, now, left_of(row, now, base), base)


def _countdown(
    row: Timed, now: datetime, left: timedelta, base: Calendar | WallClock
) -> dict[str, Any]:
    assert row.due_at is not None
    until = row.due_at
    if isinstance(base, Calendar):
        span = next(iter(base.openings(now, row.due_at)), None) if now < row.due_at else None
        until = span[1] if span is not None and span[0] <= now else now
    return {
        "due_iso": instant(row.due_at),
        "left_seconds": max(0, int(left.total_seconds())),
        "runs_until": instant(until),
    }


def timer_view(row: TimerRow, now: datetime) -> dict[str, Any]:
    """A timer among a ticket's facts."""
    shown = chip(row, now)
    return {
        "metric_label": metric_words(row.metric),
        "state": shown["state"],
        "left_words": shown["words"],
        "when_words": compact_words(row.due_at, now) if row.due_at else "",
        "due_iso": instant(row.due_at) if row.due_at else None,
        "left_seconds": shown.get("left_seconds"),
        "runs_until": shown.get("runs_until"),
        "percent": percent(row, now),
    }
