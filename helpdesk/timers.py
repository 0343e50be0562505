"""Stored timers in words: how much is left, how late, and what a countdown needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.canonical import instant
from core.i18n import (
    compact_words,
    gettext,
    ngettext,
    span_words,
)
from helpdesk.labels import metric_words
from sla import book
from sla.models import TimerRow
from sla.rules.calendar import Calendar, WallClock
from sla.rules.due import WALL
from sla.rules.policy import Base, Metric, Target, Unit
from sla.rules.timer import Reading

SOON = timedelta(hours=2)  # of the timer's own clock


ORDER = [Metric.FIRST_RESPONSE.value, Metric.RESOLUTION.value, Metric.VERIFICATION.value]


def _base(row: TimerRow) -> Calendar | WallClock:
    if Target.from_dict(row.target).base is Base.WALL:
        return WALL
    return book.current().calendar(row.calendar_id)


def time_left(row: TimerRow, now: datetime) -> timedelta:
    """Time of the timer's own clock until due; negative if it is past."""
    if row.due_at is None:
        return timedelta(0)
    base = _base(row)
    if row.due_at >= now:
        return base.elapsed(now, row.due_at)
    return -base.elapsed(row.due_at, now)


def state_of(row: TimerRow, now: datetime) -> str:
    """running | soon | late | met | paused | void, as components know them."""
    if row.reading == Reading.VOID:
        return "void"
    if row.breached_at is not None or (row.due_at and row.due_at < now and not row.stopped_at):
        return "late"
    if row.stopped_at is not None:
        return "met"
    if row.paused_at is not None:
        return "paused"
    return "soon" if time_left(row, now) <= SOON else "running"


def late_words(row: TimerRow, now: datetime) -> str:
    """How late, in all hours, because that is what the citizen waited."""
    assert row.due_at is not None
    until = row.stopped_at or now
    return gettext("%(span)s late", span=span_words(until - row.due_at))


def left_words(row: TimerRow, now: datetime, *, short: bool = False) -> str:
    """The time left in the timer's own clock; working days where it counts days. `short` leaves
    out which clock, for lists in which all stand under the same one."""
    state = state_of(row, now)
    if state == "late":
        return late_words(row, now)
    if state == "met":
        return gettext("kept")
    if state == "paused":
        return gettext("stands still")
    if state == "void" or row.due_at is None:
        return gettext("no longer counts")
    target = Target.from_dict(row.target)
    if target.unit is Unit.DAYS:
        left = book.current().calendar(row.calendar_id).days_used(now, row.due_at)
        if left >= 1:
            return ngettext("%(num)d working day left", "%(num)d working days left", left)
    left_span = span_words(time_left(row, now))
    if short or target.base is Base.WALL:
        return gettext("%(span)s left", span=left_span)
    return gettext("%(span)s of office time left", span=left_span)


def chip(row: TimerRow, now: datetime) -> dict[str, Any]:
    """A timer as a chip, with what a live countdown needs."""
    found: dict[str, Any] = {"state": state_of(row, now), "words": left_words(row, now, short=True)}
    by_the_minute = Target.from_dict(row.target).unit is not Unit.DAYS or found["state"] == "soon"
    if found["state"] in ("running", "soon") and row.due_at is not None and by_the_minute:
        found.update(countdown(row, now))
    return found


def countdown(row: TimerRow, now: datetime) -> dict[str, Any]:
    """Due, the seconds left of its own clock, and until when that clock runs unbroken."""
    assert row.due_at is not None
    base = _base(row)
    until = row.due_at
    if isinstance(base, Calendar):
        spans = list(base.openings(now, row.due_at))[:1] if now < row.due_at else []
        until = spans[0][1] if spans and spans[0][0] <= now else now
    return {
        "due_iso": instant(row.due_at),
        "left_seconds": max(0, int(time_left(row, now).total_seconds())),
        "runs_until": instant(until),
    }


def in_order(rows: Sequence[TimerRow]) -> list[TimerRow]:
    """First what the citizen waits for first."""
    return sorted(rows, key=lambda r: (ORDER.index(r.metric), r.cycle))


def timer_view(row: TimerRow, now: datetime) -> dict[str, Any]:
    """A timer among a ticket's facts."""
    shown = chip(row, now)
    return {
        "metric_label": metric_words(row.metric),
        "state": shown["state"],
        "left_words": shown["words"],
        "when_words": compact_words(row.due_at) if row.due_at else "",
        "due_iso": instant(row.due_at) if row.due_at else None,
        "left_seconds": shown.get("left_seconds"),
        "runs_until": shown.get("runs_until"),
        "percent": percent(row, now),
    }


def percent(row: TimerRow, now: datetime) -> int:
    """How much of the way from receipt to due has passed; for one that is late, where on the
    line from receipt to now the due mark stands."""
    due = row.due_at or row.promised_at
    if due is None:
        return 0
    end = row.stopped_at or now
    base = _base(row)
    if due < end:
        whole = base.elapsed(row.started_at, end)
        part = base.elapsed(row.started_at, due)
    else:
        whole = base.elapsed(row.started_at, due)
        part = base.elapsed(row.started_at, end)
    return int(100 * part / whole) if whole else 0
