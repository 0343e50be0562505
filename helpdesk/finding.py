"""Tickets found through the viewer: what is not theirs is not there."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select

from accounts.rules.access import Viewer
from core.database import db
from core.errors import NotFound
from core.i18n import gettext
from helpdesk.models import Member, Queue, Ticket
from helpdesk.rules.access import reach, sees


def queues_of(viewer: Viewer) -> list[Queue]:
    """The queues that a person reads, by name; two statements."""
    member_of = db.session.scalars(select(Member.queue_id).where(Member.user_id == viewer.id))
    reached = reach([role.value for role in viewer.roles], member_of)
    rows = db.session.scalars(select(Queue).where(Queue.active).order_by(Queue.name))
    return [queue for queue in rows if sees(reached, queue.id, queue.key)]


def visible(queues: list[Queue]) -> ColumnElement[bool]:
    """The criterion for tickets of these queues."""
    ids = [queue.id for queue in queues]
    return Ticket.queue_id.in_(ids) if ids else false()


def get(viewer: Viewer, number: str) -> Ticket:
    """A ticket by its number. Raises NotFound if it is not there for this viewer."""
    ticket: Ticket | None = db.session.scalars(
        select(Ticket).where(Ticket.number == number[:40], visible(queues_of(viewer)))
    ).one_or_none()
    if ticket is None:
        raise NotFound(gettext("There is no such report here."))
    return ticket
