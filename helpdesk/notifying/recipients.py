"""Who of the office is told of what happened to a ticket: only those who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import or_, select

from accounts.models import User
from accounts.rules.access import Role, roles_of
from core.database import db
from core.outbox import Told
from helpdesk import kinds
from helpdesk.lists import finding
from helpdesk.rules.access import answers_for
from helpdesk.setup import office
from sla.kinds import TIMER_BREACHED, TIMER_STEPPED

# What those who hold a ticket are told, and those who answer for its queue.
TO_HOLDER = {
    TIMER_STEPPED.name,
    TIMER_BREACHED.name,
    kinds.REQUESTER_WROTE.name,
    kinds.TICKET_REOPENED.name,
    kinds.TICKET_ASSIGNED.name,
}
TO_ANSWERING = {TIMER_BREACHED.name}

People = Mapping[int, frozenset[Role]]


def people(holders: Iterable[int | None]) -> People:
    """Whoever may have to be told, with their roles: these holders, and who answers for queues."""
    answering = [Role.SUPERVISOR.value, Role.INSPECTOR.value]
    ids = {holder for holder in holders if holder is not None}
    rows = db.session.execute(
        select(User.id, User.roles)
        .where(User.active, or_(User.id.in_(ids), User.roles.overlap(answering)))
        .order_by(User.id)
    )
    return {row.id: roles_of(row.roles) for row in rows}


def staff(one: Told, queue_id: int, holder: int | None, known: People) -> list[int]:
    """Without doubles, never the one who did it, and nobody who may not read the ticket."""
    heard = [holder] if one.kind in TO_HOLDER and holder is not None else []
    found = dict.fromkeys(i for i in heard if finding.may_read(i, known.get(i, ()), queue_id))
    if one.kind in TO_ANSWERING:
        found.update(dict.fromkeys(_answering(queue_id, known)))
    return [user_id for user_id in found if one.actor != f"user:{user_id}"]


def _answering(queue_id: int, known: People) -> list[int]:
    queue = office.queue(queue_id)
    if queue is None:
        return []
    return [
        user_id
        for user_id, roles in known.items()
        if answers_for(roles, finding.reach_of(user_id, roles), queue.id, queue.key)
    ]
