"""Calendars know holidays some years ahead; administrators and whoever runs the machines are told
in time that these years end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from core import clock
from core.database import db
from core.i18n import date_words, gettext, local
from core.storage.kept import kept
from sla.models import CalendarRevision, PolicyVersion

IN_TIME = timedelta(days=365)


def for_readiness() -> str | None:
    """A sentence if the newest revision of a calendar that a policy names ends within a year."""
    found = _soonest()
    if found is None:
        return None
    return (
        f"The calendar {found[0]!r} knows holidays until {found[1].isoformat()} only; "
        "publish it anew and later years are looked up."
    )


def for_administrators() -> str | None:
    """The same on their pages, in the reader's language."""
    found = _soonest()
    if found is None:
        return None
    return gettext(
        "The calendar %(calendar)s knows holidays until %(day)s only. Publish it anew, and later "
        "years are looked up.",
        calendar=found[2],
        day=date_words(found[1]),
    )


def _soonest() -> tuple[str, date, str] | None:
    """Key, last day and name of the calendar that ends first, if that is within a year."""
    today = local(clock.opened()).date()
    ending = [(key, day, name) for key, (day, name) in ends().items() if day - today < IN_TIME]
    return min(ending, key=lambda one: one[1], default=None)


@kept("policies", "calendars")
def ends() -> Mapping[str, tuple[date, str]]:
    """Until when holidays are known of each calendar that a policy names, and its name."""
    named = select(PolicyVersion.calendar_key)
    wanted = select(CalendarRevision).where(CalendarRevision.key.in_(named))
    newest: dict[str, CalendarRevision] = {
        row.key: row for row in db.session.scalars(wanted.order_by(CalendarRevision.revision))
    }
    days = {key: (_until(row), row.name) for key, row in newest.items()}
    return {key: (day, name) for key, (day, name) in days.items() if day is not None}


def _until(row: CalendarRevision) -> date | None:
    """Until when holidays were looked up; older revisions do not say, so their last one counts."""
    said = row.definition.get("until")
    if said is None and row.definition.get("holidays"):
        said = f"{max(row.definition['holidays'])[:4]}-12-31"
    return date.fromisoformat(said) if said else None
