"""A draft becomes the written form of a calendar, with a word for each day that differs.

Holidays and collective leave come from the `holidays` package at the moment of publishing; spans
win over the week, the package over spans, and a day's own override over all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

from sla.rules.calendar_form import DAYS

Week = Mapping[str, list[list[str]]]
JOINT = "government"  # the package's word for collective leave


@dataclass(frozen=True, slots=True)
class Span:
    name: str
    first: date
    last: date
    week: Week


@dataclass(frozen=True, slots=True)
class Day:
    """`kind`: closed, open (as the week says, though a holiday), or hours of its own."""

    kind: str
    openings: list[list[str]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a calendar is made of."""

    timezone: str
    week: Week
    holidays: bool = True
    joint_leave: bool = True
    spans: Sequence[Span] = ()
    days: Mapping[date, Day] = field(default_factory=dict)


def closed_days(plan: Plan, years: Iterable[int]) -> dict[date, str]:
    """Holidays and collective leave with their names, as far as the calendar closes on them."""
    wanted = [name for name, on in (("public", plan.holidays), (JOINT, plan.joint_leave)) if on]
    found: dict[date, str] = {}
    for category in wanted:
        for day, name in _package(category, tuple(years)).items():
            found.setdefault(day, name)
    return found


@lru_cache(maxsize=32)
def _package(category: str, years: tuple[int, ...]) -> Mapping[date, str]:
    return dict(holidays.country_holidays("ID", years=years, categories=(category,), language="id"))


def form(plan: Plan, years: Sequence[int]) -> dict[str, Any]:
    """What `Calendar.from_dict` takes; `labels` says why a day is what it is, and `until` how far
    the holidays were looked up."""
    closed = closed_days(plan, years)
    labels: dict[date, str] = dict(closed)
    hours: dict[date, list[list[str]]] = {}
    for span in plan.spans:
        for day in _days(span, years):
            wanted = span.week.get(DAYS[day.weekday()], [])
            if wanted != plan.week.get(DAYS[day.weekday()], []):
                hours[day] = wanted
            labels.setdefault(day, span.name)
    for day, own in plan.days.items():
        if own.kind == "closed":
            closed.setdefault(day, own.note)
        else:
            closed.pop(day, None)
        if own.kind == "open":
            hours.pop(day, None)
        elif own.kind == "hours":
            hours[day] = own.openings
        labels[day] = own.note or labels.get(day, "")
    shut = {day for day, openings in hours.items() if not openings}
    return {
        "timezone": plan.timezone,
        "week": {name: list(plan.week[name]) for name in DAYS if plan.week.get(name)},
        "holidays": sorted(day.isoformat() for day in {*closed, *shut}),
        "date_overrides": {d.isoformat(): hours[d] for d in sorted(hours) if d not in shut},
        "labels": {d.isoformat(): labels[d] for d in sorted(labels) if labels[d]},
        "until": f"{max(years)}-12-31",
    }


def _days(span: Span, years: Sequence[int]) -> Iterable[date]:
    day = max(span.first, date(min(years), 1, 1))
    while day <= min(span.last, date(max(years), 12, 31)):
        yield day
        day += timedelta(days=1)
