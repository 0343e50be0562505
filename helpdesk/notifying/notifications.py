"""Who is told of what: on screen for people of the office, by mail where there is an address.

A durable subscriber: it gets events in batches, and its notices and mail orders are written in the
transaction that ends their delivery, so each happens once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select

from core import clock, event_kinds, events, outbox
from core.database import db
from core.mails.mailbox import Order, post
from core.outbox import Told
from helpdesk import kinds
from helpdesk.broadcasts import tell_swept
from helpdesk.models import Ticket
from helpdesk.notifying import recipients
from helpdesk.notifying.overtaken import overtaken
from helpdesk.notifying.reaching import Telling, reach
from sla.kinds import PROMISE_LATER, TIMER_BREACHED, TIMER_STEPPED
from sla.recalculation import moving
from sla.recalculation.moving import Moved
from sla.rules.policy import Metric

SUBSCRIBER = "notify"

# What the citizen is written about, and by which letter. Closing has none: the letter of the
# settlement said until when to reply. Nor has spam, whose address is often somebody else's (the
# page of the report says it), nor taking back, which the citizen does there themselves.
TO_REQUESTER = {
    kinds.TICKET_FILED.name: "received",
    kinds.TICKET_ANSWERED.name: "answered",
    kinds.TICKET_ASKED.name: "asked",
    kinds.TICKET_RESOLVED.name: "resolved",
    kinds.TICKET_REFUSED.name: "refused",
    kinds.TICKET_FORWARDED.name: "forwarded",
    kinds.REPLY_REMINDED.name: "reminded",
    kinds.TICKET_LAPSED.name: "lapsed",
    kinds.TICKET_DUPLICATED.name: "duplicated",
    PROMISE_LATER.name: "later",
}
MAILED_TO_STAFF = {TIMER_BREACHED.name: "breached", TIMER_STEPPED.name: "stepped"}


def register() -> None:
    wanted = {*TO_REQUESTER, *recipients.TO_HOLDER, *recipients.TO_ANSWERING}
    events.subscribe_durable(SUBSCRIBER, *(event_kinds.KINDS[name] for name in sorted(wanted)))
    outbox.handle(SUBSCRIBER, notify)
    if tell_moved not in moving.WHEN_MOVED:
        moving.WHEN_MOVED.append(tell_moved)


def notify(told: Sequence[Told]) -> None:
    """Write the notices and mail orders of a batch of events."""
    tickets = _tickets(told)
    people = recipients.people(t.assignee_id for t in tickets.values())
    late = overtaken(told, clock.now())
    tellings: list[Telling] = []
    letters: dict[tuple[str, datetime, str], int] = {}
    for one in told:
        ticket = tickets.get(one.subject)
        if ticket is None:
            continue
        heard = recipients.staff(one, ticket.queue_id, ticket.assignee_id, people)
        for user_id in heard if one.event_id not in late else ():
            letter = MAILED_TO_STAFF.get(one.kind)
            tellings.append(Telling(user_id, one.event_id, ticket.id, one.kind, one.at, letter))
        if ticket.has_email and (letter := _letter(one)):
            # Of two promises that one act moved, one letter tells.
            letters.setdefault((one.subject, one.at, letter), one.event_id)
    reach(tellings)
    post([Order(i, kind, ref, ref) for (ref, _, kind), i in letters.items()])
    tell_swept(told)


def tell_moved(moved: Sequence[Moved]) -> None:
    """A change of the calendar: one letter to each requester who was told an earlier date."""
    told = {m.subject: m.event_id for m in moved if m.later and m.metric != Metric.VERIFICATION}
    if not told:
        return
    ids = [int(ref.partition(":")[2]) for ref in told]
    having = select(Ticket).where(Ticket.id.in_(ids), Ticket.email.is_not(None))
    refs = [ticket.ref for ticket in db.session.scalars(having)]
    post([Order(told[ref], "later", ref, ref) for ref in refs])


def _letter(one: Told) -> str | None:
    """The letter to the requester, if they are written about this."""
    if one.kind == PROMISE_LATER.name and one.data["metric"] == Metric.VERIFICATION:
        return None  # the office's own matter: nobody was told of its date
    return TO_REQUESTER.get(one.kind)


def _tickets(told: Sequence[Told]) -> dict[str, Row[int, int, int | None, bool]]:
    ids = {int(t.subject.partition(":")[2]) for t in told if t.subject.startswith("ticket:")}
    has_email = Ticket.email.is_not(None).label("has_email")
    rows = db.session.execute(
        select(Ticket.id, Ticket.queue_id, Ticket.assignee_id, has_email).where(Ticket.id.in_(ids))
    )
    return {f"ticket:{row.id}": row for row in rows}
