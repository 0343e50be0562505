"""The calendar against one that looks at every step of time: random weeks, zones and pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sla.rules.calendar import Calendar, InvalidCalendar
from tests.unit.sla.calendars import forms
from tests.unit.sla.questions import questions
from tests.unit.sla.reference import Reference


@settings(max_examples=80, deadline=None)
@given(questions())
def test_open_time_is_what_a_patient_watcher_counts(question: Any) -> None:
    calendar, slow, at, spans, other, span = question
    a, b = min(at, other), max(at, other)
    assert calendar.is_open(at) is slow.open[slow.step(at)]
    assert calendar.elapsed(a, b) == slow.elapsed(a, b)
    assert calendar.elapsed(a, b, spans) == slow.elapsed(a, b, spans)
    assert calendar.elapsed(b, a) == timedelta(0) or a == b
    found = slow.add(at, span)
    if found is not None:
        assert calendar.add(at, span) == found
    found = slow.add(at, span, spans)
    if found is not None:
        assert calendar.add(at, span, spans) == found
    elif any(end is None for _, end in spans) and slow.add(at, span) is not None:
        assert calendar.add(at, span, spans) is None
    assert sum((d - c for c, d in calendar.openings(a, b)), timedelta(0)) == slow.elapsed(a, b)


@settings(max_examples=80, deadline=None)
@given(questions())
def test_opening_moments_before_and_after(question: Any) -> None:
    calendar, slow, at, _, _, span = question
    for ours, theirs in (
        (calendar.next_open, slow.next_open),
        (calendar.last_open, slow.last_open),
    ):
        found = theirs(at)
        if found is not None and slow.moments[150] < found < slow.moments[-150]:
            assert ours(at) == found
    found = slow.back(at, span)
    if found is not None and found > slow.moments[300]:
        assert calendar.add(at, -span) == found


@settings(max_examples=80, deadline=None)
@given(questions(), st.integers(1, 6))
def test_working_days_are_what_a_patient_watcher_counts(question: Any, n: int) -> None:
    calendar, slow, at, spans, other, _ = question
    assume(any(slow._moment(end) > max(at, other) for end in slow.last_step.values()))
    try:
        assert calendar.receipt_day(at) == slow.received(at)
    except StopIteration:
        assume(False)
    for given_pauses in ((), spans):
        closings = slow.closings(at, given_pauses)
        if len(closings) >= n:
            assert calendar.add_working_days(at, n, given_pauses) == closings[n - 1]
        elif calendar.to_dict()["week"] and any(end is None for _, end in given_pauses):
            assert calendar.add_working_days(at, n, given_pauses) is None
        assert calendar.days_used(at, other, given_pauses) == sum(c <= other for c in closings)


SECOND_EDGES = [
    ("America/New_York", datetime(2026, 3, 8, 5, 30, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 4, 30, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "first"), SECOND_EDGES)
def test_second_by_second_across_a_change_of_clocks(zone: str, first: datetime) -> None:
    week = {d: [["00:30", "01:15"], ["01:45", "02:20"], ["02:50", "04:00"]] for d in ("sat", "sun")}
    form = {"timezone": zone, "week": week}
    calendar = Calendar.from_dict(form)
    begin = first - timedelta(hours=30)
    slow = Reference(form, begin, 66 * 3600, 1)
    start = 30 * 3600
    open_so_far, at = timedelta(0), slow.moments[start]
    for n in range(start, start + 5 * 3600):
        moment = slow.moments[n]
        assert calendar.is_open(moment) is slow.open[n]
        assert calendar.elapsed(at, moment) == open_so_far
        if slow.open[n]:
            open_so_far += slow.unit
            assert calendar.add(at, open_so_far) == moment + slow.unit


@settings(max_examples=100, deadline=None)
@given(forms())
def test_a_calendar_written_down_and_read_again_is_the_same(made: Any) -> None:
    try:
        calendar = Calendar.from_dict(made[0])
    except InvalidCalendar:
        return
    again = Calendar.from_dict(calendar.to_dict())
    assert (again, hash(again), again.digest) == (calendar, hash(calendar), calendar.digest)
