"""Tickets found through the viewer: what is not theirs is not there."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select

from accounts.rules.access import Viewer
from core.database import db
from core.errors import NotFound
from core.i18n import gettext
from helpdesk import office
from helpdesk.models import Ticket
from helpdesk.office import WorkList
from helpdesk.rules.access import reach, sees


def queues_of(viewer: Viewer) -> list[WorkList]:
    """The queues that a person reads, by name."""
    member_of = office.memberships().get(viewer.id, frozenset())
    reached = reach([role.value for role in viewer.roles], member_of)
    return [
        queue
        for queue in office.queues().values()
        if queue.active and sees(reached, queue.id, queue.key)
    ]


def visible(queues: list[WorkList]) -> ColumnElement[bool]:
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
