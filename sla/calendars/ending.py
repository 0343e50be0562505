"""Calendars know holidays some years ahead; who runs the machines is told in time."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from core import clock
from core.database import db
from core.i18n import local
from sla.models import CalendarRevision, PolicyVersion

IN_TIME = timedelta(days=365)


def for_readiness() -> str | None:
    """A sentence if the newest revision of a calendar that a policy names ends within a year."""
    named = select(PolicyVersion.calendar_key)
    wanted = select(CalendarRevision).where(CalendarRevision.key.in_(named))
    newest: dict[str, CalendarRevision] = {
        row.key: row for row in db.session.scalars(wanted.order_by(CalendarRevision.revision))
    }
    today = local(clock.opened()).date()
    for key, row in sorted(newest.items()):
        until = _until(row)
        if until is not None and until - today < IN_TIME:
            return (
                f"The calendar {key!r} knows holidays until {until.isoformat()} only; "
                "publish it anew and later years are looked up."
            )
    return None


def _until(row: CalendarRevision) -> date | None:
    """Until when holidays were looked up; older revisions do not say, so their last one counts."""
    said = row.definition.get("until")
    if said is None and row.definition.get("holidays"):
        said = f"{max(row.definition['holidays'])[:4]}-12-31"
    return date.fromisoformat(said) if said else None
