"""What ends by itself: resolved tickets close, unanswered questions lapse."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core import clock
from core.database import db, transaction
from helpdesk.acts import end_if_over, hold_all
from helpdesk.models import Ticket
from helpdesk.moments import Moment
from helpdesk.routine.one_by_one import OneByOne

BATCH = 100
_round = OneByOne("closing and lapsing")


def end_what_is_over(now: datetime) -> int:
    """A chore of the sweeper: each ticket in a transaction of its own."""
    ids = db.session.scalars(
        select(Ticket.id)
        .where(Ticket.closes_at <= now, Ticket.id.not_in(_round.left_alone()))
        .order_by(Ticket.closes_at)
        .limit(BATCH)
    ).all()
    db.session.rollback()
    return _round.each(ids, _end)


def _end(ticket_id: int) -> int:
    with transaction() as session:
        ticket = session.scalars(
            select(Ticket).where(Ticket.id == ticket_id).with_for_update(skip_locked=True)
        ).one_or_none()
        if ticket is None:
            return 0
        hold_all(ticket)
        # Asked anew: whoever held the ticket until just now may have acted meanwhile.
        return int(end_if_over(Moment(ticket, clock.now())))
