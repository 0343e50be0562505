"""The desk's list: by next due date, paused ones last, a page at a time by key.

The earliest date over a ticket's running timers is kept on the ticket, so a page is one walk along
one partial index, at ten thousand open tickets as at a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, or_, select, text, tuple_

from core.database import db
from core.errors import Invalid
from core.i18n import gettext
from core.storage import keyset
from helpdesk.models import AT_WORK, Ticket
from helpdesk.rules.lifecycle import Status
from helpdesk.setup.office import WorkList

PAGE = 25

# What a row of the list shows.
SHOWN = (
    Ticket.id,
    Ticket.number,
    Ticket.title,
    Ticket.requester_name,
    Ticket.filed_at,
    Ticket.next_due_at,
)
_LIST = (
    select(*SHOWN)
    .where(text(AT_WORK))
    .order_by(Ticket.next_due_at, Ticket.id)
    .limit(keyset.most(PAGE + 1))
)
Listed = Row[int, str, str, str | None, datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Page:
    tickets: Sequence[Listed]
    following: str | None  # the cursor of the next page


def view_criterion(
    view: str, user_id: int, queues: Sequence[WorkList], now: datetime
) -> ColumnElement[bool]:
    """What a view or a queue ("3") shows. Raises Invalid for one that is not there."""
    ids = [queue.id for queue in queues]
    if view == "saya":
        awake = or_(Ticket.snoozed_until.is_(None), Ticket.snoozed_until <= now)
        return and_(Ticket.assignee_id == user_id, Ticket.queue_id.in_(ids), awake)
    within = Ticket.queue_id.in_(ids)
    if view == "belum":
        return and_(within, Ticket.assignee_id.is_(None))
    if view == "terlambat":
        return and_(within, Ticket.next_due_at < now)
    if view == "menunggu":
        return and_(within, Ticket.status == Status.PENDING.value)
    if view == "semua":
        return within
    if view.isdecimal() and int(view) in ids:
        return Ticket.queue_id == int(view)
    raise Invalid(gettext("There is no such list here."))


def page(criterion: ColumnElement[bool], cursor: str | None = None) -> Page:
    """One page of open tickets: those with a date by date, then those that stand still.

    Two ranges of one index, so the last page costs what the first does; at most two statements.
    """
    after = _read(cursor) if cursor else None
    rows: list[Listed] = []
    if after is None or after[0] is not None:
        dated: ColumnElement[bool] = Ticket.next_due_at.is_not(None)
        if after is not None:
            dated = tuple_(Ticket.next_due_at, Ticket.id) > after
        rows = _rows(criterion, dated)
    if len(rows) <= PAGE:
        still: ColumnElement[bool] = Ticket.next_due_at.is_(None)
        if after is not None and after[0] is None:
            still = and_(still, Ticket.id > after[1])
        rows += _rows(criterion, still)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = keyset.written(last.next_due_at, last.id) if last else None
    return Page(rows[:PAGE], following)


def _rows(criterion: ColumnElement[bool], part: ColumnElement[bool]) -> list[Listed]:
    return list(db.session.execute(_LIST.where(criterion, part)))


def _read(cursor: str) -> tuple[datetime | None, int]:
    try:
        return keyset.read(cursor)
    except ValueError as error:
        raise Invalid(gettext("This page of the list is not there any more.")) from error
