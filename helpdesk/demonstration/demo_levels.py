"""The levels of the demonstration office: who stands there, and what they do with what climbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from sqlalchemy import select

from core.database import db
from helpdesk.acts import lock
from helpdesk.escalations import acts, levels, naming
from helpdesk.escalations.apart import apart
from helpdesk.models import Escalation, Ticket

# level, on the ladder apart, who
STANDING = (
    (1, False, "wulan"),
    (2, False, "pimpinan"),
    (3, False, "pimpinan"),
    (1, True, "inspektur"),
    (2, True, "pimpinan"),
)


class Stage(Protocol):
    """What is needed of the office that this happens in."""

    def open_moment(self, wanted: datetime) -> datetime: ...

    def plan(self, at: datetime, doing: Callable[[], object]) -> None: ...


def name(people: Mapping[str, int]) -> None:
    """Put the people of the demonstration at their levels."""
    actor = f"user:{people['admin']}"
    for level, way, who in STANDING:
        naming.name(level, people[who], actor, apart=way)


class Attending:
    """Of what comes before a level two of three are taken up within hours, and half of these are
    settled the day after; the rest waits, and climbs."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.seen = 0

    def look(self, at: datetime) -> None:
        """Plan what is done with what came up to this moment."""
        fresh = select(Escalation).where(Escalation.id > self.seen).order_by(Escalation.id)
        for row in db.session.scalars(fresh).all():
            self.seen = row.id
            if row.id % 3:
                wanted = row.opened_at + timedelta(minutes=40 + 25 * (row.id % 5))
                taken = max(self.stage.open_moment(wanted), at)
                self.stage.plan(taken, partial(_take, row.id, row.ticket_id))
                if row.id % 2:
                    later = self.stage.open_moment(taken + timedelta(hours=20))
                    self.stage.plan(later, partial(_settle, row.id, row.ticket_id))
        db.session.rollback()


def _take(escalation_id: int, ticket_id: int) -> None:
    moment = lock(ticket_id)
    row = _waiting(escalation_id, ticket_id)
    if row is not None and row.taken_by is None:
        way = apart(db.session.get_one(Ticket, ticket_id))
        people = levels.people_of(row.level, moment.at, apart=way)
        acts.take(moment, escalation_id, people[0])


def _settle(escalation_id: int, ticket_id: int) -> None:
    moment = lock(ticket_id)
    row = _waiting(escalation_id, ticket_id)
    if row is not None and row.taken_by is not None:
        acts.settle(moment, escalation_id, f"user:{row.taken_by}")


def _waiting(escalation_id: int, ticket_id: int) -> Escalation | None:
    return next((row for row in acts.waiting(ticket_id) if row.id == escalation_id), None)
