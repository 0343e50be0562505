"""The list of what was counted adds up to the date, for every kind of promise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import presets
from sla.rules.calendar import Calendar
from sla.rules.due import FromStart, Pause
from sla.rules.explaining import Why, days, sums
from sla.rules.policy import Base, Target, Unit

BEKASI = Calendar.from_dict(presets.bekasi(range(2026, 2028)))
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)

moments = st.integers(0, 400 * 24 * 60).map(lambda n: NOON + timedelta(minutes=n - 30 * 24 * 60))
targets = st.one_of(
    st.integers(1, 40).map(lambda n: Target(n, Unit.DAYS)),
    st.integers(1, 6000).map(lambda n: Target(n, Unit.MINUTES)),
    st.integers(1, 200).map(lambda n: Target(n, Unit.HOURS, Base.WALL)),
)


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> list[Pause]:
    found: list[Pause] = []
    at = start
    for gap, length in draw(
        st.lists(st.tuples(st.integers(1, 9000), st.integers(1, 9000)), max_size=3)
    ):
        begins = at + timedelta(minutes=gap)
        at = begins + timedelta(minutes=length)
        found.append((begins, at))
    return found


@given(st.data(), moments, targets)
def test_what_was_counted_adds_up_to_the_target(
    data: st.DataObject, start: datetime, target: Target
) -> None:
    stood = data.draw(pauses(start))
    due = FromStart(start, target, BEKASI).at(stood)
    assert due is not None
    told = list(days(target, BEKASI, start, due, stood))
    time, counted = sums(told)
    if target.unit is Unit.DAYS:
        assert counted == target.n
        assert told[-1].why is Why.COUNTED
    else:
        assert time == target.span
    assert [one.day for one in told] == [
        told[0].day + timedelta(days=n) for n in range(len(told))
    ], "every day is named"
    assert all(one.counted <= one.open for one in told)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 12, 22), Why.RECEIVED),
        (date(2026, 12, 23), Why.COUNTED),
        (date(2026, 12, 24), Why.HOLIDAY),
        (date(2026, 12, 25), Why.HOLIDAY),
        (date(2026, 12, 26), Why.CLOSED),
        (date(2026, 12, 27), Why.CLOSED),
        (date(2026, 12, 28), Why.PAUSED),
        (date(2026, 12, 29), Why.COUNTED),
    ],
)
def test_each_day_says_why(day: date, why: Why) -> None:
    start = datetime(2026, 12, 22, 3, tzinfo=UTC)
    stood: list[Pause] = [
        (datetime(2026, 12, 28, 8, tzinfo=UTC), datetime(2026, 12, 28, 10, tzinfo=UTC))
    ]
    target = Target(2, Unit.DAYS)
    due = FromStart(start, target, BEKASI).at(stood)
    assert due == datetime(2026, 12, 29, 9, tzinfo=UTC)
    told = {one.day: one.why for one in days(target, BEKASI, start, due, stood)}
    assert told[day] is why


def test_a_day_that_is_not_over_is_not_counted_yet() -> None:
    now = datetime(2026, 11, 26, 4, tzinfo=UTC)
    told = list(days(Target(5, Unit.DAYS), BEKASI, NOON, now))
    assert [one.why for one in told] == [Why.RECEIVED, Why.COUNTED, Why.NOT_YET]
