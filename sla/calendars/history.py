"""What pages of calendars say: days in words, moves with their progress, and who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select

from accounts.directory import names_of
from core.canonical import instant
from core.database import db
from core.events import Event
from core.i18n import compact_words, date_words, gettext, number_words, span_words
from sla.calendars import drafts
from sla.calendars.models import CalendarSpan
from sla.calendars.typed import shown
from sla.kinds import CALENDAR_EDITED, CALENDAR_PUBLISHED
from sla.models import CalendarRevision, Move, PolicyVersion
from sla.recalculation.foreseeing import Foresight
from sla.recalculation.sampling import Looked

SHOWN = 20


def day_names() -> dict[str, str]:
    return {
        "mon": gettext("Monday"),
        "tue": gettext("Tuesday"),
        "wed": gettext("Wednesday"),
        "thu": gettext("Thursday"),
        "fri": gettext("Friday"),
        "sat": gettext("Saturday"),
        "sun": gettext("Sunday"),
    }


def week_words(week: Mapping[str, list[list[str]]]) -> str:
    """Monday–Thursday 07.30-12.00; Friday …: days in a row that are alike are said at once."""
    names, found = day_names(), list[tuple[str, str, str]]()
    for day, name in names.items():
        hours = shown(week.get(day, []))
        if found and found[-1][2] == hours:
            found[-1] = (found[-1][0], name, hours)
        else:
            found.append((name, name, hours))
    return "; ".join(
        f"{first if first == last else f'{first}–{last}'} {hours}"
        for first, last, hours in found
        if hours
    )


def span_line(span: CalendarSpan) -> dict[str, Any]:
    return {
        "id": span.id,
        "name": span.name,
        "days": f"{date_words(span.first)} – {date_words(span.last)}",
        "hours": week_words(span.week) or gettext("not open"),
    }


def foresight_words(found: Foresight | None) -> list[dict[str, str]]:
    """Figures of a preview, each with its words."""
    if found is None:
        return []
    told = [
        {"label": gettext("Dates that come later"), "value": number_words(found.later)},
        {"label": gettext("Later by at most"), "value": _span(found.most_later)},
        {"label": gettext("Dates that come earlier"), "value": number_words(found.earlier)},
        {"label": gettext("Earlier by at most"), "value": _span(found.most_earlier)},
    ]
    if found.ended or found.begun:
        told += [
            {"label": gettext("Promises that end"), "value": number_words(found.ended)},
            {"label": gettext("Promises that begin"), "value": number_words(found.begun)},
        ]
    return told


def looked_words(found: Looked) -> str:
    """On how many a preview was worked out, of how many."""
    total, looked = number_words(found.total), number_words(found.looked)
    if found.whole:
        return gettext("Worked out exactly on all %(n)s open ones.", n=total)
    if found.about:
        total = gettext("about %(n)s", n=total)
    return gettext(
        "Worked out exactly on %(looked)s of %(n)s open ones, spread evenly. The figures are of "
        "these; the others will do alike.",
        looked=looked,
        n=total,
    )


def _span(span: Any) -> str:
    return span_words(span) if span else "–"


def newest_moves(now: datetime) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Move).order_by(Move.id.desc()).limit(5))
    return [move_line(row, now) for row in rows]


def move_line(move: Move, now: datetime) -> dict[str, Any]:
    done = move.ended_at is not None
    of = move.total or 0
    return {
        "url": url_for("calendars.progress", move_id=move.id),
        "what": _what(move),
        "when": compact_words(move.begins_at, now),
        "done": done,
        "total": number_words(of),
        "seen": number_words(move.seen),
        "share": 100 if done else min(99, 100 * move.seen // of) if of else 0,
        "moved": number_words(move.moved),
        "later": number_words(move.later),
        "failed": move.failed,
        "state": gettext("done") if done else gettext("under way"),
    }


def _what(move: Move) -> str:
    kind, _, ident = move.what.partition(":")
    if kind == "calendar":
        row = db.session.get(CalendarRevision, int(ident))
        if row is not None:
            return gettext("%(name)s, revision %(n)s", name=row.name, n=row.revision)
    version = db.session.get(PolicyVersion, int(ident))
    assert version is not None
    return gettext("%(name)s, version %(n)s", name=version.name, n=version.version)


def latest(now: datetime) -> list[dict[str, Any]]:
    """The newest changes of calendars, newest first."""
    known = {f"calendar_draft:{d.id}": d.name for d in drafts.all_of()}
    revisions = db.session.execute(
        select(CalendarRevision.id, CalendarRevision.name, CalendarRevision.revision)
        .order_by(CalendarRevision.id.desc())
        .limit(SHOWN)
    ).all()
    made = {f"calendar:{row.id}": (row.name, row.revision) for row in revisions}
    kinds = [CALENDAR_EDITED.name, CALENDAR_PUBLISHED.name]
    found = db.session.scalars(
        select(Event)
        .where(Event.subject.in_([*known, *made]), Event.kind.in_(kinds))
        .order_by(Event.id.desc())
        .limit(SHOWN)
    ).all()
    names = names_of([event.actor for event in found])
    return [
        {
            "title": _words(event, known, made),
            "when_words": compact_words(event.at, now),
            "when_iso": instant(event.at),
            "tone": "met" if event.kind == CALENDAR_PUBLISHED.name else "",
            "note": names.get(event.actor, ""),
        }
        for event in found
    ]


def _words(event: Event, known: Mapping[str, str], made: Mapping[str, tuple[str, int]]) -> str:
    if event.kind == CALENDAR_PUBLISHED.name:
        name, revision = made[event.subject]
        return gettext("%(name)s: revision %(n)s was published", name=name, n=revision)
    name, days = known[event.subject], event.data.get("days", "")
    return {
        "NEW": gettext("%(name)s: made", name=name),
        "WEEK": gettext("%(name)s: the usual week was changed", name=name),
        "DAYS": gettext("%(name)s: days were changed (%(n)s)", name=name, n=days),
        "SPAN": gettext("%(name)s: days with hours of their own (%(n)s)", name=name, n=days),
        "SPAN_REMOVED": gettext("%(name)s: hours of their own were removed", name=name),
        "FILE": gettext("%(name)s: days from a file (%(n)s)", name=name, n=days),
    }[str(event.data["part"])]
