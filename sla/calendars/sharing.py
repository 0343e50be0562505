"""A calendar as a file for other calendars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.i18n import gettext
from sla.calendars import ical
from sla.rules.calendar import Calendar


def file(name: str, form: Mapping[str, Any], now: datetime) -> bytes:
    """Closed days with their names, and openings that differ from the week."""
    labels = form["labels"]
    closed = {date.fromisoformat(d): labels.get(d) or gettext("not open") for d in form["holidays"]}
    return ical.write(name, closed, _hours(form), now)


def _hours(form: Mapping[str, Any]) -> Iterator[ical.Hours]:
    calendar, zone = Calendar.from_dict(form), ZoneInfo(form["timezone"])
    for words in form["date_overrides"]:
        day = date.fromisoformat(words)
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        for opens, closes in calendar.openings(start, start + timedelta(days=1)):
            yield opens, closes, form["labels"].get(words) or gettext("hours of its own")
