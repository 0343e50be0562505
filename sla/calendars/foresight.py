"""What publishing a calendar's draft would do to open promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sla import book
from sla.recalculation import foreseeing
from sla.recalculation.foreseeing import Foresight as Foresight
from sla.rules.calendar import Calendar

DRAFT = -1


def foresee(key: str, form: dict[str, Any], at: datetime) -> Foresight:
    """By a rulebook in which the draft is the newest revision, as of a moment."""
    real = book.current()
    ahead = replace(
        real,
        newest={**real.newest, key: DRAFT},
        calendars={**real.calendars, DRAFT: Calendar.from_dict(form)},
    )
    return foreseeing.foresee(ahead, at)
