"""A promise as an account: each day with what was counted of it and why, and the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from core.i18n import (
    date_words,
    gettext,
    hours_words,
    moment_words,
    ngettext,
    number_words,
    span_words,
)
from helpdesk.promises.day_words import DayWords, begins_with_receipt
from helpdesk.wording.labels import metric_words, target_words
from sla import book, tracking
from sla.calendars import building, drafts
from sla.models import TimerRow
from sla.rules.calendar import Calendar
from sla.rules.due import FromStart
from sla.rules.explaining import Day, Why, days, sums
from sla.rules.facts import Fact
from sla.rules.fold import fold
from sla.rules.policy import Base, Metric, Target, Unit
from sla.rules.timer import Timer

MOST = 400  # days; no promise is longer, and a page of more helps nobody


def of_row(row: TimerRow, now: datetime, *, exact: bool = False) -> dict[str, Any] | None:
    """What components show of one timer; `exact`: seconds, for the office. None while it has
    neither date nor end."""
    facts = tracking.history(row.subject)
    timer = _timer(row, facts)
    until = row.stopped_at if row.stopped_at and row.due_at is None else row.due_at
    if timer is None:
        return None
    until = until or now
    calendar = book.current().calendar(row.calendar_id)
    told = list(islice(days(timer.target, calendar, row.started_at, until, timer.pauses), MOST))
    key = timer.policy.calendar
    began = begins_with_receipt(row.metric, row.started_at, facts)
    why = DayWords(_names(key, told), began, facts, office=exact)
    return {
        "what": metric_words(row.metric),
        "began": moment_words(row.started_at),
        "until": moment_words(until),
        "moved": _moved(timer, until),
        **_account(timer.target, told, why, exact),
    }


def ahead(
    metric: str, target: Target, key: str, calendar: Calendar, start: datetime, due: datetime
) -> dict[str, Any]:
    """The same of a promise that nobody has been given yet; `key` names its calendar."""
    told = list(islice(days(target, calendar, start, due), MOST))
    why = DayWords(_names(key, told), begins_with_receipt(metric, start, ()))
    return {
        "what": metric_words(metric),
        "began": moment_words(start),
        "until": moment_words(due),
        "moved": "",
        **_account(target, told, why, False),
    }


def _account(target: Target, told: list[Day], why: DayWords, exact: bool) -> dict[str, Any]:
    return {
        "target": target_words(target),
        "days": [
            {
                "day": date_words(one.day),
                "why": why.words(one, target, told),
                "counted": amount,
                "state": "met" if one.why is Why.COUNTED else "void",
            }
            for one, amount in zip(told, _amounts(target, told, exact), strict=True)
        ],
        "sum": _sum(target, told, exact),
    }


def _timer(row: TimerRow, facts: Sequence[Fact]) -> Timer | None:
    state = fold(facts, book.current())
    wanted = (Metric(row.metric), row.cycle)
    return next((t for t in state.timers if (t.metric, t.cycle) == wanted), None)


def _names(calendar: str, told: Sequence[Day]) -> Mapping[date, str]:
    """Why days are closed, by the calendar as it is kept now: holidays and notes of its days."""
    if not any(one.why is Why.HOLIDAY for one in told):
        return {}
    plan = drafts.plan(calendar)
    found = building.closed_days(plan, sorted({one.day.year for one in told}))
    return {**found, **{day: own.note for day, own in plan.days.items() if own.note}}


def _amounts(target: Target, told: Sequence[Day], exact: bool) -> list[str]:
    """What each line counts. Days where days are promised; else time, of which each line shows
    what it adds to the whole so far, so that the lines shown add up to the sum shown."""
    if target.unit is Unit.DAYS:
        one_day = ngettext("%(num)d day", "%(num)d days", 1)
        return [one_day if one.counts else "" for one in told]
    unit = timedelta(seconds=1) if exact else timedelta(minutes=1)
    found, total, shown = [], timedelta(0), 0
    for one in told:
        total += one.counted
        whole = total // unit
        found.append(_time(unit * (whole - shown), target, exact) if one.counted else "")
        shown = whole
    return found


def _time(span: timedelta, target: Target, exact: bool) -> str:
    if exact:
        return gettext("%(n)s seconds", n=number_words(int(span.total_seconds())))
    return span_words(span) if target.base is Base.WALL else hours_words(span)


def _sum(target: Target, told: list[Day], exact: bool) -> str:
    time, counted = sums(told)
    if target.unit is Unit.DAYS:
        return ngettext("%(num)d working day", "%(num)d working days", counted)
    return _time(time, target, exact)


def _moved(timer: Timer, until: datetime) -> str:
    """Said where the date is not the plain sum: time to act after a change or a reopening."""
    plain = FromStart(timer.started_at, timer.target, book.current().calendar(timer.calendar_id))
    if timer.stopped_at is not None or timer.due_at is None or plain.at(timer.pauses) == until:
        return ""
    return gettext("A change gave more time than the sum, so that there was time to act on it.")
