"""Promises that end before the first day on which two calendars differ are the same by both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from sla.rules.calendar import Calendar, InvalidCalendar
from sla.rules.differing import first_difference, first_touched
from sla.rules.due import FromStart
from sla.rules.escalation import moment
from sla.rules.policy import Base, Step, Target, Unit
from tests.unit.sla.calendars import forms, ranges

LOW, HIGH = datetime(2009, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
WEEK = {day: [["08:00", "12:00"], ["13:00", "16:00"]] for day in ("mon", "tue", "wed", "thu")}
PLAIN = {"timezone": "Asia/Jakarta", "week": WEEK, "holidays": []}
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Calendar, Calendar, datetime]:
    """A calendar, and another that differs on some days."""
    form, first = draw(forms())
    assume(form["week"])  # else nothing opens again, and no promise can be used up
    near = st.integers(4, 24).map(lambda n: (first + timedelta(days=n)).date().isoformat())
    changed = {day: draw(ranges(2, 30)) for day in draw(st.lists(near, max_size=2))}
    other = {
        **form,
        "date_overrides": {**form["date_overrides"], **changed},
        "holidays": sorted({*form["holidays"], *draw(st.lists(near, max_size=1))}),
    }
    try:
        return Calendar.from_dict(form), Calendar.from_dict(other), first
    except InvalidCalendar:
        assume(False)
        raise


TARGETS = st.one_of(
    st.builds(Target, st.integers(1, 6), st.just(Unit.DAYS)),
    st.builds(Target, st.integers(1, 60), st.just(Unit.HOURS), st.sampled_from(Base)),
    st.builds(Target, st.integers(1, 900), st.just(Unit.MINUTES), st.sampled_from(Base)),
)
STEPS = [Step("75", percent=75), Step("b30m", before=timedelta(minutes=30), in_hours=True)]


def evening(**more: Any) -> Calendar:
    """The plain week, with an evening opening on Tuesday 2026-11-24."""
    hours = [*WEEK["tue"], ["19:00", "21:00"]]
    return Calendar.from_dict({**PLAIN, "date_overrides": {"2026-11-24": hours}, **more})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pairs(), st.integers(0, 24 * 144), TARGETS)
@example((Calendar.from_dict(PLAIN), evening(), MONDAY), 0, Target(1, Unit.DAYS))
def test_what_ends_before_it_is_promised_alike(
    pair: tuple[Calendar, Calendar, datetime], tens: int, target: Target
) -> None:
    one, other, first = pair
    start = first + timedelta(minutes=10 * tens)
    due = FromStart(start, target, one).at(())
    assert due is not None
    since = first_difference(one, other, first, first + timedelta(days=300))
    assume(due < since)
    assert FromStart(start, target, other).at(()) == due
    for step in STEPS:
        told = [
            moment(step, start=start, due=due, target=target, calendar=c, pauses=())
            for c in (one, other)
        ]
        assert told[0] == told[1]


AFTER = st.timedeltas(timedelta(minutes=1), timedelta(days=6)).map(
    lambda t: Step("after", after=timedelta(minutes=t // timedelta(minutes=1)), in_hours=True)
)
NOON_THURSDAY = (14, Target(67, Unit.HOURS, Base.WALL))  # from Monday 09.00, due Thursday 06.20
SATURDAY = Calendar.from_dict({**PLAIN, "date_overrides": {"2026-11-28": [["08:00", "12:00"]]}})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pairs(), st.integers(0, 24 * 144), TARGETS, st.lists(AFTER, min_size=1, max_size=3))
@example(
    (Calendar.from_dict(PLAIN), SATURDAY, MONDAY),
    *NOON_THURSDAY,
    [Step("after", after=timedelta(hours=52), in_hours=True)],
)
def test_a_report_that_is_passed_over_has_every_date_and_step_alike_by_both(
    pair: tuple[Calendar, Calendar, datetime], tens: int, target: Target, after: list[Step]
) -> None:
    one, other, first = pair
    start = first + timedelta(minutes=10 * tens)
    due = FromStart(start, target, one).at(())
    assert due is not None

    def told(calendar: Calendar) -> list[datetime]:
        steps = [*STEPS, *after]
        return [
            moment(s, start=start, due=due, target=target, calendar=calendar, pauses=())
            for s in steps
        ]

    stored = told(one)
    assume(max(due, *stored) < first_touched(one, other, first, first + timedelta(days=300)))
    assert FromStart(start, target, other).at(()) == due
    assert told(other) == stored


def test_an_evening_more_differs_from_that_days_beginning() -> None:
    found = first_difference(Calendar.from_dict(PLAIN), evening(), LOW, HIGH)
    assert found == datetime(2026, 11, 23, 17, tzinfo=UTC)


def test_the_same_hours_never_differ_and_another_zone_differs_from_the_first() -> None:
    plain = Calendar.from_dict(PLAIN)
    assert first_difference(plain, Calendar.from_dict(PLAIN), LOW, HIGH) == HIGH
    east = Calendar.from_dict({**PLAIN, "timezone": "Asia/Makassar"})
    assert first_difference(plain, east, LOW, HIGH) == LOW
