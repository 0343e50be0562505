"""Ready-made calendars, built when a revision is made and stored in it.

Bekasi's office hours follow Perpres 21/2023: 37.5 hours a week from 07.30 with an hour's rest
(Friday one and a half), in Ramadan 32.5 hours from 08.00 with half an hour's rest (Friday one).
Holidays and collective leave come from the `holidays` package, both its categories; estimated
dates of later years are what overrides are for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu")
USUAL = [["07:30", "12:00"], ["13:00", "16:00"]]
USUAL_FRIDAY = [["07:30", "11:30"], ["13:00", "16:30"]]
RAMADAN = [["08:00", "12:00"], ["12:30", "15:00"]]
RAMADAN_FRIDAY = [["08:00", "11:30"], ["12:30", "15:30"]]
COUNTER = [["08:00", "15:00"]]  # the counter and the chat, suggested
FRIDAY = 4

# First and last day of fasting; the ministry announces each year's, and the later ones here are
# estimates that end the day before the Idulfitri that the package expects.
RAMADANS: tuple[tuple[date, date], ...] = (
    (date(2024, 3, 12), date(2024, 4, 9)),
    (date(2025, 3, 1), date(2025, 3, 30)),
    (date(2026, 2, 19), date(2026, 3, 20)),
    (date(2027, 2, 8), date(2027, 3, 9)),
    (date(2028, 1, 28), date(2028, 2, 26)),
    (date(2029, 1, 16), date(2029, 2, 14)),
    (date(2030, 1, 6), date(2030, 2, 3)),
    (date(2030, 12, 26), date(2031, 1, 23)),
)


def closed_days(years: Iterable[int]) -> set[date]:
    """National holidays and collective leave; without the second, some ten days a year lack."""
    found = holidays.country_holidays("ID", years=list(years), categories=("public", "government"))
    return set(found)


def bekasi(
    years: Iterable[int],
    ramadan: Sequence[tuple[date, date]] = RAMADANS,
    overrides: Mapping[date, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The office's calendar in the form that `Calendar.from_dict` takes.

    An override of a date is {"kind": "closed"}, {"kind": "open"} (as the week says, though a
    holiday) or {"kind": "hours", "openings": [["08:00", "12:00"]]}; it wins over the package.
    """
    wanted = sorted(set(years))
    closed = closed_days(wanted)
    hours = _ramadan_hours(ramadan, wanted)
    for day, override in (overrides or {}).items():
        if override["kind"] == "closed":
            closed.add(day)
        else:
            closed.discard(day)
            if override["kind"] == "hours":
                hours[day] = [list(pair) for pair in override["openings"]]
    return {
        "timezone": "Asia/Jakarta",
        "week": {**dict.fromkeys(WEEKDAYS, USUAL), "fri": USUAL_FRIDAY},
        "holidays": [day.isoformat() for day in sorted(closed)],
        "date_overrides": {day.isoformat(): hours[day] for day in sorted(hours)},
    }


def _ramadan_hours(
    ramadan: Sequence[tuple[date, date]], years: Sequence[int]
) -> dict[date, list[list[str]]]:
    hours: dict[date, list[list[str]]] = {}
    for first, last in ramadan:
        day = first
        while day <= last:
            if day.weekday() <= FRIDAY and day.year in years:
                hours[day] = RAMADAN_FRIDAY if day.weekday() == FRIDAY else RAMADAN
            day += timedelta(days=1)
    return hours
