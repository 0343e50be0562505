"""Sightings as a list, newest first, a page at a time, of what the reader answers for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Row, func, select, tuple_

from accounts.rules.access import Viewer
from core.database import db
from core.errors import Invalid, NotFound
from core.i18n import gettext, local, zone
from core.pages.typed_period import typed_period
from core.storage import keyset
from helpdesk.lists import finding
from helpdesk.models import SightingRow, Ticket
from helpdesk.rules.access import answers_for
from helpdesk.rules.patterns import Pattern
from helpdesk.setup import office

PAGE = 25
DAYS = 30  # so far back looks whoever asks for nothing else
MOST = 99  # that a count counts

Listed = Row[SightingRow, str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Days of the office; None: any."""

    first: date
    last: date
    pattern: str | None = None
    queue: int | None = None
    person: str | None = None
    seen: bool | None = False


def asked(args: Mapping[str, str], today: date) -> Asked:
    """What a query asks for. Raises Invalid for a day that is none; other nonsense asks for all."""
    first, last = typed_period(args, today, DAYS)
    pattern, person = args.get("pattern", ""), _number(args.get("person", ""))
    return Asked(
        first,
        last,
        pattern if pattern in {one.value for one in Pattern} else None,
        _number(args.get("queue", "")),
        f"user:{person}" if person is not None else None,
        {"seen": True, "all": None}.get(args.get("show", ""), False),
    )


def _number(words: str) -> int | None:
    known = words.isascii() and words.isdecimal() and len(words) < 10
    return int(words) if known else None


def queues_of(viewer: Viewer) -> frozenset[int]:
    """The queues that a person answers for: supervisors for those that they read, inspectors for
    the one apart."""
    reached = finding.reach_of(viewer.id, viewer.roles)
    return frozenset(
        queue.id
        for queue in office.queues().values()
        if answers_for(viewer.roles, reached, queue.id, queue.key)
    )


def _of(reads: frozenset[int], now: datetime) -> list[ColumnElement[bool]]:
    """What has come already, of tickets that are read now."""
    return [SightingRow.at <= now, Ticket.queue_id.in_(sorted(reads))]


def _starts(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone())


def page(
    wanted: Asked, reads: frozenset[int], now: datetime, cursor: str | None = None
) -> tuple[Sequence[Listed], str | None]:
    """One page and the cursor of the next: one statement. Raises Invalid for a cursor that is none
    of ours."""
    where = [
        *_of(reads, now),
        SightingRow.at >= _starts(wanted.first),
        SightingRow.at < _starts(wanted.last + timedelta(days=1)),
    ]
    if wanted.pattern is not None:
        where.append(SightingRow.pattern == wanted.pattern)
    if wanted.queue is not None:
        where.append(SightingRow.queue_id == wanted.queue)
    if wanted.person is not None:
        where.append(SightingRow.person == wanted.person)
    if wanted.seen is not None:
        known = SightingRow.seen_at.is_not(None)
        where.append(known if wanted.seen else ~known)
    if cursor:
        where.append(tuple_(SightingRow.at, SightingRow.id) < _read(cursor))
    rows = db.session.execute(
        select(SightingRow, Ticket.number, Ticket.title)
        .join(Ticket, Ticket.id == SightingRow.ticket_id)
        .where(*where)
        .order_by(SightingRow.at.desc(), SightingRow.id.desc())
        .limit(PAGE + 1)
    ).all()
    following = None
    if len(rows) > PAGE:
        last = rows[PAGE - 1][0]
        following = keyset.written(last.at, last.id)
    return rows[:PAGE], following


def _read(cursor: str) -> tuple[datetime, int]:
    gone = Invalid(gettext("This page of the list is not there any more."))
    try:
        at, ident = keyset.read(cursor)
    except ValueError as error:
        raise gone from error
    if at is None:
        raise gone
    return at, ident


def waiting(viewer: Viewer, now: datetime) -> int:
    """How many of the last thirty days nobody has looked at, up to a hundred."""
    reads = queues_of(viewer)
    if not reads:
        return 0
    since = _starts(local(now).date() - timedelta(days=DAYS))
    few = (
        select(SightingRow.id)
        .join(Ticket, Ticket.id == SightingRow.ticket_id)
        .where(*_of(reads, now), SightingRow.at >= since, SightingRow.seen_at.is_(None))
        .limit(MOST + 1)
    )
    return int(db.session.scalar(select(func.count()).select_from(few.subquery())) or 0)


def locked(viewer: Viewer, sighting_id: int, now: datetime) -> SightingRow:
    """One of those that the viewer is shown, for whoever marks it. Raises NotFound."""
    row: SightingRow | None = db.session.scalars(
        select(SightingRow)
        .join(Ticket, Ticket.id == SightingRow.ticket_id)
        .where(SightingRow.id == sighting_id, *_of(queues_of(viewer), now))
        .with_for_update(of=SightingRow)
    ).one_or_none()
    if row is None:
        raise NotFound(gettext("There is nothing like this to be seen here."))
    return row
