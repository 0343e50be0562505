"""Who is told of what: on screen for people of the office, by mail where there is an address.

A durable subscriber: it gets events in batches, and its notices and mail orders are written in the
transaction that ends their delivery, so each happens once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from accounts.models import User
from accounts.rules.access import Role
from core import event_kinds, events, outbox
from core.database import db, on_commit
from core.hints import hint
from core.mailbox import Order, post
from core.outbox import Told
from helpdesk import kinds
from helpdesk.broadcasts import tell_swept
from helpdesk.models import Notice, Ticket
from sla.kinds import TIMER_BREACHED, TIMER_STEPPED

SUBSCRIBER = "notify"

# What the citizen is written about, and by which letter.
TO_REQUESTER = {
    kinds.TICKET_FILED.name: "received",
    kinds.TICKET_ANSWERED.name: "answered",
    kinds.TICKET_ASKED.name: "asked",
    kinds.TICKET_RESOLVED.name: "resolved",
    kinds.TICKET_REFUSED.name: "refused",
    kinds.TICKET_FORWARDED.name: "forwarded",
}
# What people of the office see on their screen.
TO_ASSIGNEE = {
    TIMER_STEPPED.name,
    TIMER_BREACHED.name,
    kinds.REQUESTER_WROTE.name,
    kinds.TICKET_REOPENED.name,
    kinds.TICKET_ASSIGNED.name,
}
TO_SUPERVISORS = {TIMER_BREACHED.name}
MAILED_TO_STAFF = {TIMER_BREACHED.name: "breached"}


def register() -> None:
    wanted = {*TO_REQUESTER, *TO_ASSIGNEE, *TO_SUPERVISORS}
    events.subscribe_durable(SUBSCRIBER, *(event_kinds.KINDS[name] for name in sorted(wanted)))
    outbox.handle(SUBSCRIBER, notify)


def notify(told: Sequence[Told]) -> None:
    """Write the notices and mail orders of a batch of events."""
    tickets = _tickets(told)
    supervisors = _supervisors() if any(t.kind in TO_SUPERVISORS for t in told) else []
    notices: list[dict[str, object]] = []
    orders: list[Order] = []
    for one in told:
        ticket = tickets.get(one.subject)
        if ticket is None:
            continue
        for user_id in _staff_for(one, ticket, supervisors):
            notices.append(
                {
                    "user_id": user_id,
                    "event_id": one.event_id,
                    "ticket_id": ticket.id,
                    "kind": one.kind,
                    "at": one.at,
                }
            )
            if one.kind in MAILED_TO_STAFF:
                kind = MAILED_TO_STAFF[one.kind]
                orders.append(Order(one.event_id, kind, f"user:{user_id}", one.subject))
        if one.kind in TO_REQUESTER and ticket.has_email:
            orders.append(Order(one.event_id, TO_REQUESTER[one.kind], one.subject, one.subject))
    if notices:
        db.session.execute(insert(Notice).on_conflict_do_nothing(), notices)
        people = {int(str(n["user_id"])) for n in notices}
        on_commit(lambda: _hint(people))
    post(orders)
    tell_swept(told)


def _hint(people: Iterable[int]) -> None:
    for user_id in people:
        hint(f"user:{user_id}", "notices", f"user:{user_id}")


def _tickets(told: Sequence[Told]) -> dict[str, Row[int, int | None, bool]]:
    ids = {int(t.subject.partition(":")[2]) for t in told if t.subject.startswith("ticket:")}
    rows = db.session.execute(
        select(Ticket.id, Ticket.assignee_id, Ticket.email.is_not(None).label("has_email")).where(
            Ticket.id.in_(ids)
        )
    )
    return {f"ticket:{row.id}": row for row in rows}


def _supervisors() -> list[int]:
    return list(
        db.session.scalars(
            select(User.id).where(User.active, User.roles.contains([Role.SUPERVISOR.value]))
        )
    )


def _staff_for(
    one: Told, ticket: Row[int, int | None, bool], supervisors: Sequence[int]
) -> list[int]:
    """Without doubles, and never the one who did it."""
    found: dict[int, None] = {}
    if one.kind in TO_ASSIGNEE and ticket.assignee_id is not None:
        found[ticket.assignee_id] = None
    if one.kind in TO_SUPERVISORS:
        found.update(dict.fromkeys(supervisors))
    return [user_id for user_id in found if one.actor != f"user:{user_id}"]
