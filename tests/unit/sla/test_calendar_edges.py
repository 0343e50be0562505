"""Where time ends, where nothing is left, and what the calendar says instead of failing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from sla.rules.calendar import Calendar, OutOfRange, WallClock

WEEK = {d: [["08:00", "12:00"], ["13:00", "16:00"]] for d in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = Calendar.from_dict({"timezone": "Asia/Jakarta", "week": WEEK})
ONCE = Calendar.from_dict(
    {"timezone": "UTC", "week": {}, "date_overrides": {"2026-01-05": [["09:00", "11:00"]]}}
)
WALL = WallClock()
HOUR = timedelta(hours=1)
TUESDAY = datetime(2026, 11, 24, 2, tzinfo=UTC)  # 09.00 in Jakarta
END = datetime.max.replace(tzinfo=UTC)
PAST_THE_END = datetime.max.replace(tzinfo=timezone(-timedelta(hours=12)))


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=timezone(timedelta(hours=7)))


ASKS: list[Callable[[Any, datetime], Any]] = [
    lambda c, t: c.add(t, HOUR),
    lambda c, t: c.add(t, HOUR, [(TUESDAY, TUESDAY + HOUR)]),
    lambda c, t: c.elapsed(TUESDAY, t),
    lambda c, t: c.is_open(t),
    lambda c, t: c.next_open(t),
    lambda c, t: c.last_open(t),
]
DAYS: list[Callable[[Any, datetime], Any]] = [
    lambda c, t: c.receipt_day(t),
    lambda c, t: c.add_working_days(t, 3),
    lambda c, t: c.days_used(TUESDAY, t),
    lambda c, t: list(c.openings(TUESDAY, t)),
]


@pytest.mark.parametrize("ask", [*ASKS, *DAYS])
@pytest.mark.parametrize("far", [END, PAST_THE_END, END.replace(year=2200), END.replace(year=1)])
def test_a_date_that_no_calendar_reaches_is_said_to_be_one(ask: Any, far: datetime) -> None:
    if far.year == 1 and ask in (ASKS[2], DAYS[2]):
        assert not ask(OFFICE, far)  # nothing was used before it began
        return
    with pytest.raises(OutOfRange) as refused:
        ask(OFFICE, far)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("ask", [*ASKS, *DAYS])
def test_a_time_without_its_zone_is_refused(ask: Any) -> None:
    naive = datetime(2026, 11, 24, 9)
    with pytest.raises(ValueError, match="zone"):
        ask(OFFICE, naive)
    if ask in ASKS:
        with pytest.raises(ValueError, match="zone"):
            ask(WALL, naive)


def test_the_wall_clock_ends_where_time_does() -> None:
    with pytest.raises(OutOfRange):
        WALL.add(END, HOUR)
    with pytest.raises(OutOfRange):
        WALL.next_open(PAST_THE_END)


@pytest.mark.parametrize("span", [timedelta(days=400_000), timedelta(days=999_999_999)])
def test_a_target_that_can_never_be_used_up_is_out_of_range(span: timedelta) -> None:
    for calendar in (OFFICE, ONCE):
        with pytest.raises(OutOfRange):
            calendar.add(TUESDAY, span)
        with pytest.raises(OutOfRange):
            calendar.add(TUESDAY, -span)
        with pytest.raises(OutOfRange):
            calendar.add_working_days(TUESDAY, span.days)


def test_a_calendar_of_one_day_is_used_up() -> None:
    before = datetime(2020, 1, 1, tzinfo=UTC)
    monday = datetime(2026, 1, 5, tzinfo=UTC)
    assert ONCE.add(before, 2 * HOUR) == monday.replace(hour=11)
    assert ONCE.receipt_day(before) == monday.date()
    assert ONCE.last_open(TUESDAY) == monday.replace(hour=11)
    assert ONCE.add(TUESDAY, -HOUR) == monday.replace(hour=10)
    for ask in (
        lambda: ONCE.add(before, 3 * HOUR),
        lambda: ONCE.next_open(TUESDAY),
        lambda: ONCE.last_open(before),
        lambda: ONCE.receipt_day(TUESDAY),
        lambda: ONCE.add_working_days(before, 1),
        # No end of this pause could still lead to a date.
        lambda: ONCE.add_working_days(before, 1, [(TUESDAY, None)]),
        lambda: ONCE.add(before, 3 * HOUR, [(TUESDAY, None)]),
    ):
        with pytest.raises(OutOfRange):
            ask()


def test_microseconds_are_neither_lost_nor_rounded() -> None:
    start = at(9).replace(microsecond=123_457)
    assert OFFICE.add(start, HOUR) == start + HOUR
    assert OFFICE.add(start, timedelta(hours=3)) == at(13).replace(microsecond=123_457)
    assert OFFICE.elapsed(start, at(13)) == 3 * HOUR - timedelta(microseconds=123_457)


def test_results_are_in_utc() -> None:
    for found in (OFFICE.add(at(9), HOUR), OFFICE.next_open(at(9)), OFFICE.last_open(at(9))):
        assert found is not None
        assert found.tzinfo is UTC


def test_used_up_at_lunch_or_closing_is_due_then() -> None:
    assert OFFICE.add(at(11), HOUR) == at(12)
    assert OFFICE.add(at(15), HOUR) == at(16)
    assert OFFICE.add(at(16), HOUR) == at(9, day=25)


def test_time_taken_back_leads_to_the_latest_moment_that_it_could_be_counted_from() -> None:
    assert OFFICE.add(at(16), -3 * HOUR) == at(13)
    assert OFFICE.add(at(16), -4 * HOUR) == at(11)
    assert OFFICE.add(at(16), -7 * HOUR) == at(8)
    assert OFFICE.add(at(8, day=25), -7 * HOUR) == at(8)


def test_a_day_counts_when_its_pause_ends_exactly_at_closing() -> None:
    pause = (at(10, day=25), at(16, day=25))
    assert OFFICE.add_working_days(at(9), 1, [pause]) == at(16, day=25)
    assert OFFICE.days_used(at(9), at(16, day=25), [pause]) == 1


def test_no_time_at_all_is_the_next_opening_moment() -> None:
    assert OFFICE.add(at(12, 30), timedelta(0)) == at(13)
    assert OFFICE.add(at(9), timedelta(0)) == at(9)


def test_a_pause_without_an_end_leaves_no_date_unless_it_comes_too_late() -> None:
    assert OFFICE.add(at(9), HOUR, [(at(9, 30), None)]) is None
    assert OFFICE.add(at(9), HOUR, [(at(10), None)]) == at(10)
    assert OFFICE.add(at(9), HOUR, [(END, None)]) == at(10)
    assert OFFICE.add_working_days(at(9), 1, [(at(16, day=25), None)]) is None
    assert OFFICE.add_working_days(at(9), 1, [(at(16, 1, day=25), None)]) == at(16, day=25)
    assert WALL.add(at(9), HOUR, [(at(9, 30), None)]) is None
    assert WALL.add(at(9), HOUR, [(at(10), None)]) == at(10)


def test_pauses_may_overlap_and_come_in_any_order() -> None:
    pauses = [(at(14), at(15)), (at(9), at(10)), (at(9, 30), at(10, 30)), (at(11), at(11))]
    assert OFFICE.add(at(9), 3 * HOUR, pauses) == at(15, 30)
    assert OFFICE.elapsed(at(9), at(16), pauses) == timedelta(hours=3, minutes=30)
    assert WALL.add(at(9), 5 * HOUR, pauses) == at(16, 30)
    assert WALL.elapsed(at(9), at(16, 30), pauses) == 5 * HOUR


def test_nothing_can_be_taken_back_around_pauses() -> None:
    for clock in (OFFICE, WALL):
        for span in (timedelta(0), -HOUR):
            with pytest.raises(ValueError, match="ahead"):
                clock.add(at(9), span, [(at(9), at(10))])


def test_a_number_of_working_days_is_more_than_zero() -> None:
    for n in (0, -1):
        with pytest.raises(ValueError, match="more than zero"):
            OFFICE.add_working_days(at(9), n)


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    fresh, used = (Calendar.from_dict(OFFICE.to_dict()) for _ in range(2))
    for year in (2150, 1950, 2030, 1990):
        used.add(datetime(year, 6, 1, tzinfo=UTC), timedelta(hours=5000))
    span = timedelta(hours=450)
    assert used.add(TUESDAY, span) == fresh.add(TUESDAY, span)
    assert used.add_working_days(TUESDAY, 60) == fresh.add_working_days(TUESDAY, 60)
    assert used.elapsed(TUESDAY, TUESDAY + 90 * 24 * HOUR) == fresh.elapsed(
        TUESDAY, TUESDAY + 90 * 24 * HOUR
    )
