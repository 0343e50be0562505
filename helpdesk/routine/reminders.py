"""Questions without a reply: the citizen is reminded 7 days and 1 day before the report lapses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core import clock, events
from core.database import db, transaction
from core.events import Entry
from helpdesk import kinds
from helpdesk.models import Ticket
from helpdesk.routine.one_by_one import OneByOne
from helpdesk.rules.lifecycle import reminder_due

BATCH = 100
_round = OneByOne("reminding")


def remind(now: datetime) -> int:
    """A chore of the sweeper: each reminder once, by an event in the transaction that sets the
    date of the next. Returns how many were said."""
    ids = db.session.scalars(
        select(Ticket.id)
        .where(Ticket.remind_at <= now, Ticket.id.not_in(_round.left_alone()))
        .order_by(Ticket.remind_at)
        .limit(BATCH)
    ).all()
    db.session.rollback()
    return _round.each(ids, _remind)


def _remind(ticket_id: int) -> int:
    with transaction() as session:
        ticket = session.scalars(
            select(Ticket)
            .where(Ticket.id == ticket_id)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).one_or_none()
        at = clock.now()
        if ticket is None or ticket.remind_at is None or ticket.remind_at > at:
            return 0  # the citizen was faster, or another copy is at it or has just been
        assert ticket.closes_at is not None
        days, ticket.remind_at = reminder_due(ticket.closes_at, at)
        if days is None:
            return 0
        said = Entry(kinds.REPLY_REMINDED, ticket.ref, "system", at, {"days": days})
        events.append([said])
        return 1
