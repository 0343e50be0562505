"""Tickets found through the viewer: what is not theirs is not there."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, bindparam, false, select

from accounts.rules.access import Role, Viewer
from core.database import db
from core.errors import NotFound
from core.i18n import gettext
from helpdesk.models import Ticket
from helpdesk.rules.access import Reach, reach, sees
from helpdesk.setup import office
from helpdesk.setup.office import WorkList


def reach_of(user_id: int, roles: Iterable[Role]) -> Reach:
    """What somebody of the office reads."""
    return reach(roles, office.memberships().get(user_id, frozenset()))


def may_read(user_id: int, roles: Iterable[Role], queue_id: int) -> bool:
    """True if tickets of this queue are there for the person, also once it is shut."""
    queue = office.queue(queue_id)
    return queue is not None and sees(reach_of(user_id, roles), queue.id, queue.key)


def queues_of(viewer: Viewer) -> list[WorkList]:
    """The queues that a person reads, by name; those that were shut among them, for what lies
    there still has its promises."""
    reached = reach_of(viewer.id, viewer.roles)
    return [queue for queue in office.queues().values() if sees(reached, queue.id, queue.key)]


def visible(queues: list[WorkList]) -> ColumnElement[bool]:
    """The criterion for tickets of these queues."""
    ids = [queue.id for queue in queues]
    return Ticket.queue_id.in_(ids) if ids else false()


def get(viewer: Viewer, number: str) -> Ticket:
    """A ticket by its number. Raises NotFound if it is not there for this viewer."""
    return _one(viewer, number, locked=False)


def lock(viewer: Viewer, number: str) -> Ticket:
    """The same for whoever is about to act on it. Raises NotFound also if it was moved past this
    viewer while its lock was waited for: the right is asked of the ticket as it stands then."""
    return _one(viewer, number, locked=True)


_FOUND = select(Ticket).where(
    Ticket.number == bindparam("number"),
    Ticket.queue_id == any_(bindparam("queues", type_=ARRAY(Integer))),
)
_LOCKED = _FOUND.with_for_update().execution_options(populate_existing=True)


def _one(viewer: Viewer, number: str, locked: bool) -> Ticket:
    # After a wait PostgreSQL puts the criterion anew to the row that the other left behind.
    asked = {"number": number[:40], "queues": [queue.id for queue in queues_of(viewer)]}
    ticket: Ticket | None = db.session.scalars(_LOCKED if locked else _FOUND, asked).one_or_none()
    if ticket is None:
        raise NotFound(gettext("There is no such report here."))
    return ticket
