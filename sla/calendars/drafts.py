"""Drafts as they are stored, and the plan and form that each of them makes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core.database import db
from core.errors import Invalid, NotFound
from core.i18n import gettext, local
from sla import presets
from sla.calendars.building import Day, Plan, Span, form
from sla.calendars.models import CalendarDraft, CalendarSpan
from sla.models import CalendarDay
from sla.rules.calendar import Calendar, InvalidCalendar, OutOfRange

FIRST_YEAR = 2024
AHEAD = 4  # years after that of the publishing
LONGEST_CLOSED = 400  # days; nothing would be due for longer than a year
ANEW = {"populate_existing": True}  # after a lock, what the session has seen before may be old
ODDLY_CLOSED = 14  # days; legal, but worth a word


def years(now: datetime) -> range:
    """The years that a calendar published now is made for."""
    return range(FIRST_YEAR, local(now).year + AHEAD + 1)


def all_of() -> list[CalendarDraft]:
    """Every calendar, in the order in which they were made."""
    return list(db.session.scalars(select(CalendarDraft).order_by(CalendarDraft.id)))


def find(key: str, *, held: bool = False) -> CalendarDraft:
    """A calendar by its key. Raises NotFound. `held`: whoever else edits or publishes it waits, and
    then looks at what was made of it."""
    asked = select(CalendarDraft).where(CalendarDraft.key == key)
    if held:
        asked = asked.with_for_update().execution_options(**ANEW)
    row = db.session.scalars(asked).one_or_none()
    if row is None:
        raise NotFound(gettext("There is no such calendar."))
    return row


def spans(key: str) -> list[CalendarSpan]:
    wanted = select(CalendarSpan).where(CalendarSpan.calendar_key == key).execution_options(**ANEW)
    return list(db.session.scalars(wanted.order_by(CalendarSpan.first, CalendarSpan.id)))


def days(key: str) -> list[CalendarDay]:
    wanted = select(CalendarDay).where(CalendarDay.calendar_key == key).execution_options(**ANEW)
    return list(db.session.scalars(wanted.order_by(CalendarDay.day)))


def plan(key: str) -> Plan:
    """What the draft says now."""
    draft = find(key)
    return Plan(
        timezone=draft.timezone,
        week=draft.week,
        holidays=draft.holidays,
        joint_leave=draft.joint_leave,
        spans=[Span(s.name, s.first, s.last, s.week) for s in spans(key)],
        days={d.day: Day(d.kind, d.openings or [], d.note) for d in days(key)},
    )


def written(key: str, now: datetime) -> dict[str, Any]:
    """The form that would be published now."""
    return form(plan(key), years(now))


def check(written: dict[str, Any], now: datetime, field: str = "form") -> str:
    """Raises Invalid, on a field, for a calendar that nothing can be promised on; returns a
    sentence for one that is odd, or nothing."""
    try:
        calendar = Calendar.from_dict(written)
        closed = (calendar.next_open(now) - now).days
    except (InvalidCalendar, OutOfRange):
        words = gettext("The calendar has no opening left, so nothing would ever be due.")
        raise Invalid(fields={field: words}) from None
    if closed > LONGEST_CLOSED:
        words = gettext(
            "The calendar would be closed for the next %(days)s days; at most %(most)s may be.",
            days=closed,
            most=LONGEST_CLOSED,
        )
        raise Invalid(fields={field: words})
    if closed > ODDLY_CLOSED:
        return gettext("Mind: the calendar is closed for the next %(days)s days.", days=closed)
    return ""


def check_softly(written: dict[str, Any], now: datetime) -> str:
    """What is wrong or odd about it, as a sentence, or nothing."""
    try:
        return check(written, now)
    except Invalid as error:
        return " ".join(error.fields.values())


def store(key: str, name: str, week: dict[str, list[list[str]]], timezone: str) -> CalendarDraft:
    """A new calendar without days of its own."""
    row = CalendarDraft(key=key, name=name, week=week, timezone=timezone)
    db.session.add(row)
    db.session.flush()
    return row


def seed() -> None:
    """The calendars of a fresh system; office hours with their Ramadans."""
    usual = {**dict.fromkeys(presets.WEEKDAYS, presets.USUAL), "fri": presets.USUAL_FRIDAY}
    fasting = {**dict.fromkeys(presets.WEEKDAYS, presets.RAMADAN), "fri": presets.RAMADAN_FRIDAY}
    short = dict.fromkeys((*presets.WEEKDAYS, "fri"), presets.COUNTER)
    zone = "Asia/Jakarta"
    for key, name, week in (
        ("office", "Jam kantor", usual),
        ("chat", "Jam obrolan", short),
        ("counter", "Jam loket", short),
    ):
        store(key, name, week, zone)
    for first, last in presets.RAMADANS:
        span: dict[str, Any] = {"first": first, "last": last, "week": fasting}
        db.session.add(CalendarSpan(calendar_key="office", name="Ramadan", **span))
    db.session.flush()


def keep_day(key: str, day: date, own: Day | None) -> None:
    """A day's override, or none any more."""
    row = db.session.get(CalendarDay, (key, day), populate_existing=True)
    if own is None:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        values = {"kind": own.kind, "openings": own.openings or None, "note": own.note}
        db.session.add(CalendarDay(calendar_key=key, day=day, **values))
    else:
        row.kind, row.openings, row.note = own.kind, own.openings or None, own.note
    db.session.flush()
