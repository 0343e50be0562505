"""A year of a calendar, day by day: what each is and why, and what would change."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from core.i18n import date_words, gettext, month_words
from sla.calendars.typed import shown
from sla.rules import calendar_form
from sla.rules.calendar_form import Form, words_of


def page(form: Mapping[str, Any], in_force: Mapping[str, Any] | None, year: int) -> dict[str, Any]:
    """Twelve months of weeks, and the days that differ from the usual week, in words."""
    read = calendar_form.read(form)
    before = calendar_form.read(in_force) if in_force else None
    labels = form.get("labels", {})
    cells = {
        day: _cell(day, read, before, str(labels.get(day.isoformat(), ""))) for day in _days(year)
    }
    return {
        "year": year,
        "months": [
            {
                "name": month_words(date(year, month, 1)),
                "weeks": [
                    [cells.get(day) if day.month == month else None for day in week]
                    for week in months.Calendar().monthdatescalendar(year, month)
                ],
            }
            for month in range(1, 13)
        ],
        "special": [cell for cell in cells.values() if cell["special"]],
        "changed": [cell for cell in cells.values() if cell["changed"]],
    }


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _cell(day: date, form: Form, before: Form | None, label: str) -> dict[str, Any]:
    openings, usual = form.of_day(day), form.week[day.weekday()]
    hours = shown([[words_of(a), words_of(b)] for a, b in openings])
    if not openings:
        kind = "closed" if usual else "off"
    else:
        kind = "open" if openings == usual else "hours"
    special = kind in ("closed", "hours") or (bool(label) and kind == "open")
    words = hours or gettext("not open")
    return {
        "day": day.day,
        "iso": day.isoformat(),
        "date": date_words(day),
        "kind": kind,
        "hours": words,
        "why": label,
        "title": f"{date_words(day)}: {words}" + (f" ({label})" if label else ""),
        "special": special,
        "changed": before is not None and before.of_day(day) != openings,
        "was": shown([[words_of(a), words_of(b)] for a, b in before.of_day(day)])
        or gettext("not open")
        if before is not None
        else "",
    }
