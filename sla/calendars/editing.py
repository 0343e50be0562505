"""People edit a calendar's draft; each change stands in the log. Nothing is promised by it yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from core import clock, events
from core.canonical import Value
from core.database import db
from core.errors import Invalid, NotFound
from core.events import Entry
from core.i18n import gettext
from core.pages.typed_line import line
from sla.calendars import drafts, ical
from sla.calendars.building import Day
from sla.calendars.models import CalendarDraft, CalendarSpan
from sla.calendars.typed import Openings
from sla.kinds import CALENDAR_EDITED
from sla.recalculation import publishing

LONGEST = 400  # days of one edit
LONGEST_NAME = 80
_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended('new calendar', 0))")
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def add(name: str, like: str, actor: str) -> CalendarDraft:
    """A new calendar with the week of another."""
    words = line(name, "name", LONGEST_NAME)
    key = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:40]
    db.session.execute(_ONE_BY_ONE)
    taken = {draft.key for draft in drafts.all_of()}
    if not key or key in taken:
        raise Invalid(fields={"name": gettext("There is a calendar of this name already.")})
    if like not in taken:
        raise Invalid(fields={"like": gettext("Please choose one from the list.")})
    pattern = drafts.find(like)
    row = drafts.store(key, words, dict(pattern.week), pattern.timezone)
    _log(row, "NEW", actor)
    return row


def set_week(
    key: str,
    week: Mapping[str, Openings],
    timezone: str,
    holidays: bool,
    joint_leave: bool,
    actor: str,
) -> None:
    """Another usual week, zone, or other holidays."""
    if timezone not in ZONES:
        raise Invalid(fields={"timezone": gettext("Please choose one of the listed time zones.")})
    row = drafts.find(key, held=True)
    row.week = {name: openings for name, openings in week.items() if openings}
    row.timezone, row.holidays, row.joint_leave = timezone, holidays, joint_leave
    _done(row, "WEEK", actor, "mon")


def set_days(key: str, first: date, last: date, own: Day | None, actor: str) -> int:
    """Days of a range with an override each, or without one any more; returns how many."""
    row = drafts.find(key, held=True)
    count = _length(key, first, last)
    for n in range(count):
        drafts.keep_day(key, first + timedelta(days=n), own)
    _done(row, "DAYS", actor, "first", count)
    return count


def add_span(
    key: str, name: str, first: date, last: date, week: Mapping[str, Openings], actor: str
) -> None:
    """Days in a row with a week of their own; a day that is not named is closed."""
    row = drafts.find(key, held=True)
    count = _length(key, first, last)
    values: dict[str, Any] = {
        "name": line(name, "name", LONGEST_NAME),
        "first": first,
        "last": last,
    }
    for known in drafts.spans(key):
        if known.first <= last and first <= known.last:
            words = gettext("These days overlap with: %(name)s.", name=known.name)
            raise Invalid(fields={"first": words})
    own = {day: openings for day, openings in week.items() if openings}
    db.session.add(CalendarSpan(calendar_key=key, week=own, **values))
    db.session.flush()
    _done(row, "SPAN", actor, "first", count)


def remove_span(key: str, span_id: int, actor: str) -> None:
    row = drafts.find(key, held=True)
    span = db.session.get(CalendarSpan, span_id, populate_existing=True)
    if span is None or span.calendar_key != key:
        raise NotFound(gettext("This is not there any more."))
    db.session.delete(span)
    db.session.flush()
    _done(row, "SPAN_REMOVED", actor, "first")


def bring_in(key: str, content: bytes, actor: str) -> ical.Found:
    """Close the days of an iCalendar file, as far as the calendar reaches and they are not closed
    already. Raises Invalid on the field "file"."""
    row = drafts.find(key, held=True)
    try:
        found = ical.read(content)
    except ical.Unreadable as error:
        raise Invalid(fields={"file": _why(error.reason)}) from error
    now = clock.now()
    reach, closed = drafts.years(now), set(drafts.written(key, now)["holidays"])
    new = {
        day: name
        for day, name in found.days.items()
        if day.year in reach and day.isoformat() not in closed
    }
    for day, name in new.items():
        drafts.keep_day(key, day, Day("closed", [], name))
    if new:
        _done(row, "FILE", actor, "file", len(new))
    return ical.Found(new, found.left_out)


def publish(key: str, actor: str) -> int | None:
    """Promise by the draft from now on and move what is open to it; the revision's id, or None
    if the draft says what is in force."""
    draft = drafts.find(key, held=True)
    now = clock.now()
    form = drafts.written(key, now)
    drafts.check(form, now)
    before = publishing.newest_calendar(key)
    made = publishing.publish_calendar(key, draft.name, form, now, actor)
    return None if before is not None and before.id == made else made


def _length(key: str, first: date, last: date) -> int:
    reach = drafts.years(clock.now())
    count = (last - first).days + 1
    if count < 1:
        raise Invalid(fields={"last": gettext("The last day lies before the first.")})
    if count > LONGEST:
        raise Invalid(fields={"last": gettext("At most %(n)s days at once.", n=LONGEST)})
    if first.year not in reach or last.year not in reach:
        words = gettext(
            "The calendar reaches from %(first)s to %(last)s.", first=reach[0], last=reach[-1]
        )
        raise Invalid(fields={"first": words})
    return count


def _done(row: CalendarDraft, part: str, actor: str, field: str, days: int | None = None) -> None:
    """Check what the draft says now, and log that it was edited."""
    now = clock.now()
    drafts.check(drafts.written(row.key, now), now, field)
    _log(row, part, actor, days)


def _log(row: CalendarDraft, part: str, actor: str, days: int | None = None) -> None:
    data: dict[str, Value] = {"part": part} | ({"days": days} if days is not None else {})
    subject = f"calendar_draft:{row.id}"
    events.append([Entry(CALENDAR_EDITED, subject, actor, clock.now(), data)])


def _why(reason: str) -> str:
    return {
        "large": gettext("The file is larger than 1 MB. Please send a smaller one."),
        "file": gettext("This is no iCalendar file (.ics)."),
        "endless": gettext("The file has a repetition without an end; please give it one."),
        "rule": gettext("The file has a repetition that we cannot read; please list its days."),
        "date": gettext("The file has a date that we cannot read."),
        "long": gettext("An event of the file lasts longer than %(n)s days.", n=ical.LONGEST),
        "many": gettext("The file names more than %(n)s days.", n=ical.MOST_DAYS),
    }[reason]
