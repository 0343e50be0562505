"""What a calendar refuses to be, in plain sentences, and what clocks do to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla.rules.calendar import Calendar, InvalidCalendar
from sla.rules.interval import instant
from sla.rules.openings import utc_micros

NINE_TO_FIVE = [["09:00", "17:00"]]


def form(**changes: Any) -> dict[str, Any]:
    return {"timezone": "Asia/Jakarta", "week": {"mon": NINE_TO_FIVE}, **changes}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (form(week={}), "at least one opening"),
        (form(week={"mon": []}), "at least one opening"),
        (form(week={}, date_overrides={"2026-01-05": []}), "at least one opening"),
        (
            form(week={}, date_overrides={"2026-01-05": NINE_TO_FIVE}, holidays=["2026-01-05"]),
            "at least one opening",
        ),
        (form(week={"mon": [["09:00", "12:00"], ["11:59", "13:00"]]}), "overlap"),
        (form(date_overrides={"2026-01-05": [["09:00", "12:00"], ["09:00", "12:00"]]}), "overlap"),
        (form(week={"mon": [["12:00", "12:00"]]}), "ends before it begins"),
        (form(week={"mon": [["13:00", "12:00"]]}), "ends before it begins"),
        (form(week={"mon": [["09:00", "18:60"]]}), "no time of day"),
        (form(week={"mon": [["9:00", "18:00"]]}), "no time of day"),
        (form(week={"mon": [["09:00", "24:01"]]}), "no time of day"),
        (form(week={"mon": [["09:00", 17]]}), "no time of day"),
        (form(week={"mon": [["٠٩:00", "17:00"]]}), "no time of day"),
        (form(week={"mon": [["09:00"]]}), "a beginning and an end"),
        (form(week={"mon": "09:00-17:00"}), "must be a list"),
        (form(week={"monday": NINE_TO_FIVE}), "no day of the week"),
        (form(week={1: NINE_TO_FIVE, "x": []}), "no day of the week"),
        (form(week=[NINE_TO_FIVE]), "must name days"),
        (form(timezone="Asia/Bekasi"), "no known time zone"),
        (form(timezone="../etc/passwd"), "no known time zone"),
        (form(timezone="Asia/Jakarta\0"), "no known time zone"),
        (form(timezone=""), "no known time zone"),
        (form(timezone=None), "no known time zone"),
        (form(holidays=["2026-02-30"]), "no date"),
        (form(holidays=["20260101"]), "no date"),
        (form(holidays=[20260101]), "no date"),
        (form(holidays="2026-01-01"), "must be a list of dates"),
        (form(date_overrides={"tomorrow": NINE_TO_FIVE}), "no date"),
        (form(date_breaks=["2026-01-01"]), "must name days"),
        ([], "needs a time zone"),
        (None, "needs a time zone"),
    ],
)
def test_a_calendar_that_cannot_be_kept_is_refused_with_a_sentence(bad: Any, sentence: str) -> None:
    with pytest.raises(InvalidCalendar, match=sentence) as refused:
        Calendar.from_dict(bad)
    assert str(refused.value).endswith(".")


def test_openings_may_touch_and_come_in_any_order() -> None:
    calendar = Calendar.from_dict(form(week={"mon": [["12:00", "15:00"], ["09:00", "12:00"]]}))
    monday = datetime(2026, 1, 5, 2, tzinfo=UTC)
    assert calendar.add(monday, timedelta(hours=6)) == monday + timedelta(hours=6)
    assert calendar.is_open(monday + timedelta(hours=3))


def test_the_same_content_is_the_same_calendar_however_it_was_written() -> None:
    one = Calendar.from_dict(form(holidays=["2026-01-02", "2026-01-01"], date_breaks=None))
    other = Calendar.from_dict(form(holidays=["2026-01-01", "2026-01-02", "2026-01-01"]))
    assert one == other
    assert hash(one) == hash(other)
    assert one.digest == other.digest != Calendar.from_dict(form()).digest
    assert {one: 1}[other] == 1


@pytest.mark.parametrize(
    ("zone", "day", "seconds", "moment"),
    [
        # Left out at night: the moment of the change.
        ("Europe/Berlin", date(2026, 3, 29), 9000, "2026-03-29T01:00:00+00:00"),
        # Shown twice: the first time.
        ("Europe/Berlin", date(2026, 10, 25), 9000, "2026-10-25T00:30:00+00:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), 8100, "2026-10-03T15:30:00+00:00"),
        # Midnight itself is left out, as the beginning of one day and the end of another.
        ("Africa/Cairo", date(2026, 4, 24), 0, "2026-04-23T22:00:00+00:00"),
        ("Africa/Cairo", date(2026, 4, 23), 86_400, "2026-04-23T22:00:00+00:00"),
        # A whole day was left out at the date line.
        ("Pacific/Apia", date(2011, 12, 30), 43_200, "2011-12-30T10:00:00+00:00"),
    ],
)
def test_local_times_that_clocks_leave_out_or_show_twice(
    zone: str, day: date, seconds: int, moment: str
) -> None:
    found = instant(utc_micros(day, seconds, ZoneInfo(zone)))
    assert found == datetime.fromisoformat(moment)


def test_a_day_that_never_was_is_no_working_day() -> None:
    week = dict.fromkeys(("thu", "fri", "sat"), NINE_TO_FIVE)
    calendar = Calendar.from_dict({"timezone": "Pacific/Apia", "week": week})
    thursday = datetime(2011, 12, 29, 10, tzinfo=ZoneInfo("Pacific/Apia"))
    due = calendar.add_working_days(thursday, 1)
    assert due == datetime(2011, 12, 31, 17, tzinfo=ZoneInfo("Pacific/Apia"))


def test_an_opening_that_a_change_of_clocks_swallows_is_none() -> None:
    week = {"sun": [["02:00", "03:00"], ["10:00", "11:00"]]}
    calendar = Calendar.from_dict({"timezone": "Europe/Berlin", "week": week})
    night = datetime(2026, 3, 29, tzinfo=UTC)
    assert list(calendar.openings(night, night + timedelta(days=1))) == [
        (night + timedelta(hours=8), night + timedelta(hours=9))
    ]
