"""Bekasi's calendar: hours of the presidential regulation, both kinds of holidays, overrides."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest

from sla.presets import RAMADANS, bekasi, closed_days
from sla.rules.calendar import Calendar

FIXTURES = Path(__file__).parents[2] / "fixtures"
PUBLISHED = json.loads((FIXTURES / "hari_libur_2024_2027.json").read_text())
EXAMPLES = json.loads((FIXTURES / "promise_examples.json").read_text())
JAKARTA = ZoneInfo("Asia/Jakarta")
YEARS = range(2024, 2029)
OFFICE = Calendar.from_dict(bekasi(YEARS))
WEEK = timedelta(days=7)


def local(day: str, clock: str = "00:00") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), JAKARTA)


@pytest.mark.parametrize("year", sorted(PUBLISHED))
def test_closed_days_are_those_published_for_the_year(year: str) -> None:
    published = {day for kind in PUBLISHED[year].values() for day, _ in kind}
    assert {day.isoformat() for day in closed_days([int(year)])} == published


def test_without_collective_leave_some_days_a_year_would_be_wrong() -> None:
    for year, kinds in PUBLISHED.items():
        national = set(holidays.country_holidays("ID", years=int(year)))
        missing = closed_days([int(year)]) - national
        assert {day.isoformat() for day in missing} == {day for day, _ in kinds["cuti_bersama"]}
        assert 8 <= len(missing) <= 11


def test_openings_are_those_of_the_worked_examples() -> None:
    theirs = Calendar.from_dict(EXAMPLES["calendars"]["bekasi"])
    start, end = local("2026-01-01"), local("2028-01-01")
    assert list(OFFICE.openings(start, end)) == list(theirs.openings(start, end))


@pytest.mark.parametrize(
    ("monday", "hours"),
    [("2026-11-23", 37.5), ("2026-07-06", 37.5), ("2026-03-02", 32.5), ("2027-02-15", 32.5)],
)
def test_a_week_has_the_hours_that_the_regulation_says(monday: str, hours: float) -> None:
    start = local(monday)
    assert OFFICE.elapsed(start, start + WEEK) == timedelta(hours=hours)


@pytest.mark.parametrize("year", range(2024, 2031))
def test_fasting_ends_the_day_before_idulfitri(year: int) -> None:
    names = holidays.country_holidays("ID", years=year, language="en_US")
    feasts = {day for day, name in names.items() if name.startswith("Eid al-Fitr")}
    for _, last in RAMADANS:
        if last.year == year:
            assert last + timedelta(days=1) in feasts


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-03-17", 1, "2026-03-25"),
        ("2026-03-12", 5, "2026-03-26"),
        ("2026-05-13", 3, "2026-05-20"),
        ("2026-12-22", 5, "2026-12-31"),
        ("2026-11-24", 14, "2026-12-14"),
        ("2026-11-24", 60, "2027-02-23"),
        ("2026-11-28", 1, "2026-12-01"),
    ],
)
def test_working_days_as_computed_by_hand(received: str, days: int, due: str) -> None:
    found = OFFICE.add_working_days(local(received, "10:00"), days)
    assert found is not None
    closing = "15:00" if due == "2027-02-23" else "16:00"
    assert found == local(due, closing)


def test_received_on_saturday_the_first_working_day_is_tuesday() -> None:
    saturday = local("2026-11-28", "10:00")
    assert OFFICE.receipt_day(saturday) == date(2026, 11, 30)
    assert OFFICE.add_working_days(saturday, 1) == datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("override", "openings"),
    [
        ({"kind": "closed"}, []),
        ({"kind": "hours", "openings": [["08:00", "12:00"]]}, [("08:00", "12:00")]),
    ],
)
def test_an_administrator_can_change_a_working_day(
    override: dict[str, Any], openings: list[tuple[str, str]]
) -> None:
    day = date(2026, 11, 25)
    calendar = Calendar.from_dict(bekasi([2026], overrides={day: override}))
    start = local(day.isoformat())
    assert list(calendar.openings(start, start + timedelta(days=1))) == [
        (local(day.isoformat(), a), local(day.isoformat(), b)) for a, b in openings
    ]


def test_an_administrator_can_open_what_was_estimated_as_a_holiday() -> None:
    monday = date(2027, 5, 17)  # Iduladha, estimated
    start = local(monday.isoformat())
    assert not OFFICE.elapsed(start, start + timedelta(days=1))
    for override, hours in (
        ({"kind": "open"}, timedelta(hours=7, minutes=30)),
        ({"kind": "hours", "openings": [["09:00", "11:00"]]}, timedelta(hours=2)),
    ):
        calendar = Calendar.from_dict(bekasi([2027], overrides={monday: override}))
        assert calendar.elapsed(start, start + timedelta(days=1)) == hours


def test_days_of_fasting_are_a_parameter_that_can_be_corrected() -> None:
    calendar = Calendar.from_dict(bekasi([2026], ramadan=[(date(2026, 2, 18), date(2026, 3, 19))]))
    wednesday = local("2026-02-18", "07:30")
    assert OFFICE.is_open(wednesday)
    assert calendar.next_open(wednesday) == local("2026-02-18", "08:00")
