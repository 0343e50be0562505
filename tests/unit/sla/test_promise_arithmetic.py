"""The worked promises in which a ticket is only filed, on the calendar alone (A, B and T)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla.rules.calendar import Calendar, WallClock

BOOK = json.loads((Path(__file__).parents[2] / "fixtures" / "promise_examples.json").read_text())
GROUPS = "ABT"


def _only_filed(case: dict[str, Any]) -> bool:
    last = case["events"][1:]
    stops = all(event["kind"] in ("accepted", "resolved") for event in last)
    return case["id"][0] in GROUPS and case["events"][0]["kind"] == "filed" and stops


CASES = [case for case in BOOK["cases"] if _only_filed(case)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_what_is_due_when(case: dict[str, Any]) -> None:
    calendars = {**BOOK["calendars"], **case.get("calendars", {})}
    calendar = Calendar.from_dict(calendars[case["calendar"]])
    filed = case["events"][0]
    policy = {**BOOK["policies"], **case.get("policies", {})}[filed["policy"]]
    start = datetime.fromisoformat(filed["at"])
    for row in case["expect"]:
        target = policy["targets"][row["metric"]]
        assert due(calendar, start, target) == datetime.fromisoformat(row["due_at"])
        if "days_used" in row:
            until = datetime.fromisoformat(case["as_of"])
            assert calendar.days_used(start, until) == row["days_used"]


def due(calendar: Calendar, start: datetime, target: dict[str, Any]) -> datetime | None:
    if target["unit"] == "days":
        return calendar.add_working_days(start, target["n"])
    clock = WallClock() if target.get("clock") == "wall" else calendar
    return clock.add(start, timedelta(**{target["unit"]: target["n"]}))


def test_none_of_these_groups_is_missing() -> None:
    assert len(CASES) == sum(case["id"][0] in GROUPS for case in BOOK["cases"]) == 21


@pytest.mark.parametrize(
    ("pause", "until", "used"),
    [
        # Stands at the closing: the day does not count.
        (("24T09:00", "24T09:00:01"), "27T09:30", 3),
        (("25T09:00", "25T09:00:01"), "27T09:30", 2),
        (("25T08:59", "25T09:00"), "27T09:30", 3),
        # Stopped a second before closing, and at it.
        (None, "25T08:59:59", 0),
        (None, "25T09:00", 1),
    ],
)
def test_days_used_are_closings_at_which_the_timer_runs(
    pause: tuple[str, str] | None, until: str, used: int
) -> None:
    calendar = Calendar.from_dict(BOOK["calendars"]["bekasi"])
    start, *moments = (
        datetime.fromisoformat(f"2026-11-{words}+00:00")
        for words in ("24T03:00", until, *(pause or ()))
    )
    pauses = [(moments[1], moments[2])] if pause else []
    assert calendar.days_used(start, moments[0], pauses) == used
