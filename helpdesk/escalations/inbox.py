"""What waits before the levels at which somebody stands, the most pressing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, and_, or_, select

from core.database import db
from core.errors import NotFound
from core.i18n import gettext
from helpdesk.escalations import levels
from helpdesk.models import Escalation, Ticket
from helpdesk.rules.access import APART
from helpdesk.rules.levels import TOP
from helpdesk.setup import office

MOST = 100

Waiting = Row[Escalation, Ticket]


@dataclass(frozen=True, slots=True)
class Places:
    """The levels at which a person stands now: of the office's ladder, and of the one apart."""

    usual: tuple[int, ...]
    apart: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.usual or self.apart)


def places_of(user_id: int, at: datetime) -> Places:
    """Where somebody stands, also as a substitute."""
    heights, there = range(1, TOP + 1), levels.staffing(at)
    return Places(
        tuple(n for n in heights if user_id in there.people_of(n)),
        tuple(n for n in heights if user_id in there.people_of(n, apart=True)),
    )


def waiting(user_id: int, places: Places) -> Sequence[Waiting]:
    """What stands before these levels: first what nobody has taken, by when it should be, then
    what this person took. At most a hundred; what another took is theirs."""
    apart = or_(Ticket.confidential, Ticket.queue_id.in_(_queues_apart()))
    mine = or_(
        and_(Escalation.level.in_(places.usual), ~apart),
        and_(Escalation.level.in_(places.apart), apart),
    )
    return db.session.execute(
        select(Escalation, Ticket)
        .join(Ticket, Ticket.id == Escalation.ticket_id)
        .where(Escalation.ended_at.is_(None), mine)
        .where(or_(Escalation.taken_by.is_(None), Escalation.taken_by == user_id))
        .order_by(
            Escalation.taken_by.is_not(None), Escalation.due_at.asc().nulls_last(), Escalation.id
        )
        .limit(MOST)
    ).all()


def ticket_of(escalation_id: int, user_id: int, at: datetime) -> int:
    """The ticket of an escalation that waits before this person. Raises NotFound for others: what
    is not theirs is not there."""
    places = places_of(user_id, at)
    row = db.session.execute(
        select(Escalation.level, Ticket.id, Ticket.confidential, Ticket.queue_id)
        .join(Ticket, Ticket.id == Escalation.ticket_id)
        .where(Escalation.id == escalation_id, Escalation.ended_at.is_(None))
    ).one_or_none()
    if row is not None:
        apart = row.confidential or row.queue_id in _queues_apart()
        if row.level in (places.apart if apart else places.usual):
            return int(row.id)
    raise NotFound(gettext("This is not waiting here any more."))


def _queues_apart() -> list[int]:
    return [queue.id for queue in office.queues().values() if queue.key == APART]
