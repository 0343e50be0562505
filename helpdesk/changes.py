"""Changes of what applies to a ticket: each chooses the policy anew and recalculates its dates."""

from __future__ import annotations

from core.canonical import Value
from core.errors import IllegalMove, Invalid
from core.event_kinds import Kind
from core.i18n import gettext
from helpdesk import kinds, office, thread
from helpdesk.acts import Moment, lock, record
from helpdesk.models import Ticket
from helpdesk.policyfacts import of_ticket
from helpdesk.rules.lifecycle import Status
from helpdesk.rules.vocabulary import MessageKind, Priority, TicketClass
from sla import tracking


def set_priority(ticket_id: int, priority: Priority, actor: str) -> Ticket:
    """Another priority chooses the policy anew and recalculates every date."""
    moment = lock(ticket_id)
    was, moment.ticket.priority = moment.ticket.priority, priority.value
    _rechoose(moment, kinds.PRIORITY_SET, actor, {"priority": priority.value, "was": was})
    return moment.ticket


def move(ticket_id: int, queue_id: int, reason: str, actor: str) -> Ticket:
    """Move to another queue with a reason; the one who held it holds it no more."""
    queue = office.queue(queue_id)
    if queue is None or not queue.active:  # a queue that was shut is on nobody's list
        raise Invalid(fields={"queue": gettext("There is no such queue.")})
    words = thread.clean(reason, "reason")
    moment = lock(ticket_id)
    was = moment.ticket.queue_id
    if was == queue_id:
        raise Invalid(fields={"queue": gettext("The report is in this queue already.")})
    moment.ticket.queue_id, moment.ticket.assignee_id = queue_id, None
    moment.ticket.transfers += 1
    thread.add(moment, MessageKind.NOTE, actor, words)
    _rechoose(moment, kinds.TICKET_MOVED, actor, {"queue": queue_id, "was": was})
    return moment.ticket


def classify(
    ticket_id: int, ticket_class: TicketClass, category_id: int | None, actor: str
) -> Ticket:
    """Confirm or correct what it is; dates are recalculated."""
    if category_id is not None and office.topic(category_id) is None:
        raise Invalid(fields={"category": gettext("Please choose one of the listed topics.")})
    moment = lock(ticket_id)
    moment.ticket.ticket_class, moment.ticket.category_id = ticket_class.value, category_id
    data: dict[str, Value] = {"class": ticket_class.value}
    if category_id is not None:
        data["category"] = category_id
    _rechoose(moment, kinds.TICKET_CLASSED, actor, data)
    return moment.ticket


def _rechoose(moment: Moment, kind: Kind, actor: str, data: dict[str, Value]) -> None:
    ticket = moment.ticket
    if ticket.status == Status.CLOSED:
        raise IllegalMove(gettext("This report is closed; it cannot be changed any more."))
    choice = tracking.choose(of_ticket(ticket), ticket.filed_at)
    chosen: dict[str, Value] = {"policy": choice.policy, "calendar": choice.calendar}
    record(moment, kind, actor=actor, data={**data, **chosen})
