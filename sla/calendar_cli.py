"""Commands of calendars: keep a day's override, and publish what the days say now."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask.cli import AppGroup

from core import clock
from core.database import db, transaction
from core.running.commands import OnPreparedDatabase
from sla import seed
from sla.calendars import drafts
from sla.calendars.building import Day
from sla.models import CalendarRevision
from sla.recalculation import moves, publishing
from sla.rules.calendar import Calendar, InvalidCalendar

calendar = AppGroup("calendar", help="Opening hours, holidays and the days that differ from them.")


@calendar.command("day", cls=OnPreparedDatabase)
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("kind", type=click.Choice(["closed", "open", "hours"]))
@click.option("--hours", multiple=True, help="With hours: 08:00-12:00, once for each opening.")
@click.option("--note", default="", help="Why, for whoever looks at it later.")
def day_override(day: datetime, kind: str, hours: tuple[str, ...], note: str) -> None:
    """Keep a day as closed, open as its weekday, or with hours of its own; it wins over the
    package of holidays. Nothing changes for anybody until it is published."""
    if (kind == "hours") != bool(hours):
        raise click.UsageError("Hours go with the kind hours, and with no other.")
    with transaction():
        _keep(day.date(), kind, [words.split("-") for words in hours], note)
    click.echo(
        f"{day.date().isoformat()} is kept as {kind}; publish the calendar to promise by it."
    )


def _keep(day: date, kind: str, openings: list[list[str]], note: str) -> None:
    now = clock.now()
    reach = drafts.years(now)
    if day.year not in reach:
        raise click.ClickException(f"The calendar reaches from {reach[0]} to {reach[-1]}.")
    drafts.find(seed.OFFICE, held=True)
    drafts.keep_day(seed.OFFICE, day, Day(kind, openings, note))
    try:
        written = drafts.written(seed.OFFICE, now)
        Calendar.from_dict(written)
    except (InvalidCalendar, ValueError) as error:
        raise click.ClickException(str(error)) from error
    drafts.check(written, now)


@calendar.command("publish", cls=OnPreparedDatabase)
def publish() -> None:
    """Make what the days say now the office's calendar, and move the running promises to it.

    New reports are promised by it at once. Open ones are counted anew from their start: those past
    due stay as they are, none is due before people had time to act, and a citizen whose date is
    later now reads it on the page and by mail. May be run again, also after it was interrupted.
    """
    key = seed.OFFICE
    with transaction():
        drafts.find(key, held=True)
        before = db.session.query(CalendarRevision.id).filter_by(key=key).count()
        try:
            form = seed.calendar_form()
            newest = publishing.publish_calendar(key, "Jam kantor", form, clock.now())
        except InvalidCalendar as error:
            raise click.ClickException(str(error)) from error
        row = db.session.get_one(CalendarRevision, newest)
        revision, is_new = row.revision, row.revision > before
    said = "published" if is_new else "in force already"
    click.echo(f"Revision {revision} of the calendar is {said}.")
    subjects = dates = later = 0
    for move_id in moves.waiting(clock.now()):
        move = moves.whole(move_id)
        subjects, dates, later = subjects + move.seen, dates + move.moved, later + move.later
    click.echo(f"{subjects} open subjects looked at, {dates} dates moved, {later} of them later.")
