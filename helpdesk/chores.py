"""What ends by itself: resolved tickets close, unanswered questions lapse."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core import clock
from core.database import db, transaction
from helpdesk.acts import Moment, end_if_over
from helpdesk.models import Ticket
from sla.rows import hold

BATCH = 100


def end_what_is_over(now: datetime) -> int:
    """A chore of the sweeper: each ticket in a transaction of its own."""
    ended = 0
    ids = db.session.scalars(
        select(Ticket.id).where(Ticket.closes_at <= now).order_by(Ticket.closes_at).limit(BATCH)
    ).all()
    db.session.rollback()
    for ticket_id in ids:
        with transaction() as session:
            ticket = session.scalars(
                select(Ticket).where(Ticket.id == ticket_id).with_for_update(skip_locked=True)
            ).one_or_none()
            if ticket is None:
                continue
            hold([ticket.ref])
            # Asked anew: whoever held the ticket until just now may have acted after `now`.
            if end_if_over(Moment(ticket, clock.now())):
                ended += 1
    return ended
