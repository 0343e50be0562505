"""Stored timers in words: how they stand, how much is left, how late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from core.i18n import gettext, hours_words, ngettext, span_words
from sla import book
from sla.models import TimerRow
from sla.rules.calendar import Calendar, WallClock
from sla.rules.due import WALL
from sla.rules.policy import Base, Metric, Target, Unit
from sla.rules.timer import Reading

SOON = timedelta(hours=2)  # of the timer's own clock


# First what the citizen waits for first.
ORDER = [
    Metric.FIRST_RESPONSE.value,
    Metric.NEXT_RESPONSE.value,
    Metric.RESOLUTION.value,
    Metric.UPDATE.value,
    Metric.VERIFICATION.value,
    Metric.PROCESSING.value,
    Metric.ACKNOWLEDGEMENT.value,
]


class Timed(Protocol):
    """What the words need of a stored timer (sla.models.TimerRow), however it was read."""

    @property
    def target(self) -> dict[str, Any]: ...
    @property
    def calendar_id(self) -> int: ...
    @property
    def reading(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def breached_at(self) -> datetime | None: ...


@lru_cache(maxsize=256)
def _target(n: int, unit: str, base: str) -> Target:
    return Target(n, Unit(unit), Base(base))


def target_of(row: Timed) -> Target:
    return _target(row.target["n"], row.target["unit"], row.target["clock"])


def base_of_row(row: Timed) -> Calendar | WallClock:
    if target_of(row).base is Base.WALL:
        return WALL
    return book.current().calendar(row.calendar_id)


def time_left(row: Timed, now: datetime) -> timedelta:
    """Time of the timer's own clock until due; negative if it is past."""
    return left_of(row, now, base_of_row(row))


def left_of(row: Timed, now: datetime, base: Calendar | WallClock) -> timedelta:
    """The same by a base that was looked up already."""
    if row.due_at is None:
        return timedelta(0)
    if row.due_at >= now:
        return base.elapsed(now, row.due_at)
    return -base.elapsed(row.due_at, now)


def state_of(row: Timed, now: datetime) -> str:
    """running | soon | late | met | paused | void, as components know them."""
    return settled(row, now) or running(time_left(row, now))


def running(left: timedelta) -> str:
    """The state of one that runs, by the time left."""
    return "soon" if left <= SOON else "running"


def settled(row: Timed, now: datetime) -> str:
    """The state of a timer that does not run towards its due date; empty for one that does."""
    if row.reading == Reading.VOID:
        return "void"
    if row.breached_at is not None or (row.due_at and row.due_at < now and not row.stopped_at):
        return "late"
    if row.stopped_at is not None:
        return "met"
    if row.paused_at is not None:
        return "paused"
    return ""


def late_words(row: Timed, now: datetime) -> str:
    """How late, in all hours, because that is what the citizen waited."""
    assert row.due_at is not None
    until = row.stopped_at or now
    return gettext("%(span)s late", span=span_words(until - row.due_at))


def left_words(row: Timed, now: datetime, *, short: bool = False) -> str:
    """The time left in the timer's own clock; working days where it counts days. `short` leaves
    out which clock, for lists in which all stand under the same one."""
    state = settled(row, now)
    return words(row, now, state, time_left(row, now) if not state else None, short)


def words(row: Timed, now: datetime, state: str, left: timedelta | None, short: bool) -> str:
    """The same of a timer whose state and time left are known."""
    if state == "late":
        return late_words(row, now)
    if state == "met":
        return gettext("kept")
    if state == "paused":
        return gettext("stands still")
    if state == "void" or row.due_at is None or left is None:
        return gettext("no longer counts")
    target = target_of(row)
    if target.unit is Unit.DAYS:
        days = book.current().calendar(row.calendar_id).days_used(now, row.due_at)
        if days >= 1:
            return ngettext("%(num)d working day left", "%(num)d working days left", days)
    if target.base is Base.WALL:
        return gettext("%(span)s left", span=span_words(left))
    if short:
        return gettext("%(span)s left", span=hours_words(left))
    return gettext("%(span)s of office time left", span=hours_words(left))


def in_order(rows: Sequence[TimerRow]) -> list[TimerRow]:
    """First what the citizen waits for first."""
    return sorted(rows, key=lambda r: (ORDER.index(r.metric), r.cycle))


def percent(row: TimerRow, now: datetime) -> int:
    """How much of the way from receipt to due has passed; for one that is late, where on the
    line from receipt to now the due mark stands."""
    due = row.due_at or row.promised_at
    if due is None:
        return 0
    end = row.stopped_at or now
    base = base_of_row(row)
    if due < end:
        whole = base.elapsed(row.started_at, end)
        part = base.elapsed(row.started_at, due)
    else:
        whole = base.elapsed(row.started_at, due)
        part = base.elapsed(row.started_at, end)
    return int(100 * part / whole) if whole else 0
