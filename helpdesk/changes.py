"""Changes of what applies to a ticket: each chooses the policy anew and recalculates its dates."""

from __future__ import annotations

from datetime import UTC, datetime

from core import refs
from core.canonical import Value
from core.errors import IllegalMove, Invalid
from core.event_kinds import Kind
from core.i18n import force_locale, gettext
from helpdesk import kinds
from helpdesk.acts import lock, record
from helpdesk.conversations import thread
from helpdesk.models import Ticket
from helpdesk.moments import Moment
from helpdesk.policyfacts import of_ticket
from helpdesk.rules.lifecycle import Status
from helpdesk.rules.vocabulary import MessageKind, Priority, TicketClass
from helpdesk.setup import office
from helpdesk.wording.labels import class_words
from sla import book, tracking
from sla.rules.due import FromStart
from sla.rules.policy import Metric


def set_priority(ticket_id: int, priority: Priority, actor: str) -> Ticket:
    """Another priority chooses the policy anew and recalculates every date."""
    moment = lock(ticket_id)
    was, moment.ticket.priority = moment.ticket.priority, priority.value
    _rechoose(moment, kinds.PRIORITY_SET, actor, {"priority": priority.value, "was": was})
    return moment.ticket


def move(ticket_id: int, queue_id: int, reason: str, actor: str) -> Ticket:
    """Move to another queue with a reason; the one who held it holds it no more."""
    queue = office.queue(queue_id)
    if queue is None or not queue.active:  # a queue that was shut takes nothing new
        raise Invalid(fields={"queue": gettext("There is no such queue.")})
    words = thread.clean(reason, "reason")
    moment = lock(ticket_id)
    was = moment.ticket.queue_id
    if was == queue_id:
        raise Invalid(fields={"queue": gettext("The report is in this queue already.")})
    moment.ticket.queue_id, moment.ticket.assignee_id = queue_id, None
    moment.ticket.transfers += 1
    moment.ticket.arrived_at = moment.at
    thread.add(moment, MessageKind.NOTE, actor, words)
    _rechoose(moment, kinds.TICKET_MOVED, actor, {"queue": queue_id, "was": was})
    return moment.ticket


def classify(
    ticket_id: int, ticket_class: TicketClass, category_id: int | None, actor: str, reason: str = ""
) -> Ticket:
    """Confirm or correct what it is; dates are recalculated.

    Where settlement is promised later by it, a reason is needed and the citizen is told (promises,
    section 3); else a reason stays as a note.
    """
    moment = lock(ticket_id)
    ticket = moment.ticket
    topic = office.topic(category_id)
    if category_id not in (None, ticket.category_id) and (topic is None or not topic.active):
        raise Invalid(fields={"category": gettext("Please choose one of the listed topics.")})
    data: dict[str, Value] = {"class": ticket_class.value, "was": ticket.ticket_class}
    if category_id is not None:
        data["category"] = category_id
    promised = _settled_by(moment)
    ticket.ticket_class, ticket.category_id = ticket_class.value, category_id
    _say_why(moment, promised, reason, actor, data)
    _rechoose(moment, kinds.TICKET_CLASSED, actor, data)
    return ticket


def set_details(
    ticket_id: int, place_id: int | None, service: str | None, actor: str, reason: str = ""
) -> Ticket:
    """Correct where it is and which service it is about ("permit_type:IMB"; None: not said).
    Dates are recalculated, and a later one needs a reason, as for its kind. Raises Invalid on the
    fields place and service."""
    moment = lock(ticket_id)
    ticket = moment.ticket
    if place_id is not None and place_id not in office.places():
        raise Invalid(fields={"place": gettext("Please choose one of the listed places.")})
    if service != ticket.about_ref and service is not None and not known_service(service):
        raise Invalid(fields={"service": gettext("Please choose one of the listed permits.")})
    data: dict[str, Value] = {}
    if place_id is not None:
        data["place"] = place_id
    if service is not None and kinds.HOLDS["service"](service):
        data["service"] = service
    promised = _settled_by(moment)
    ticket.place_id, ticket.about_ref = place_id, service
    _say_why(moment, promised, reason, actor, data)
    _rechoose(moment, kinds.DETAILS_SET, actor, data)
    return ticket


def known_service(ref: str) -> bool:
    """True for a permit of the catalogue."""
    fits = ref.startswith("permit_type:") and len(ref) <= 80 and "\0" not in ref
    return fits and refs.card(ref, None) is not None


def _say_why(
    moment: Moment, promised: datetime, reason: str, actor: str, data: dict[str, Value]
) -> None:
    """Where settlement is promised later than it was, the citizen is told why; else the reason,
    if there is one, stays as a note."""
    if _settled_by(moment) > promised:
        data["message"] = _tell(moment, reason)
    elif reason.strip():
        thread.add(moment, MessageKind.NOTE, actor, thread.clean(reason, "reason"))


def _settled_by(moment: Moment) -> datetime:
    """Until when its kind promises settlement, counted from filing; no promise is the latest."""
    ticket = moment.ticket
    stood = tracking.was_open(ticket.ref, moment.at)
    choice, rules = tracking.choose(of_ticket(ticket), ticket.filed_at, stood), book.current()
    target = rules.policy(choice.policy).targets.get(Metric.RESOLUTION)
    due = target and FromStart(ticket.filed_at, target, rules.calendar(choice.calendar)).at(())
    return due or datetime.max.replace(tzinfo=UTC)


def _tell(moment: Moment, reason: str) -> int:
    """The reason for a later date, in the thread and in the citizen's language."""
    if not reason.strip():
        sentence = gettext("This promises a later date. Please write why; the citizen reads it.")
        raise Invalid(fields={"reason": sentence})
    with force_locale(moment.ticket.language):
        words = gettext(
            "We looked at your report and now treat it as: %(kind)s. It takes longer to settle. "
            "Why: %(reason)s",
            kind=class_words(moment.ticket.ticket_class),
            reason=thread.clean(reason, "reason"),
        )
    return thread.add(moment, MessageKind.AUTO, "system", words).id


def _rechoose(moment: Moment, kind: Kind, actor: str, data: dict[str, Value]) -> None:
    ticket = moment.ticket
    if ticket.status == Status.CLOSED:
        raise IllegalMove(gettext("This report is closed; it cannot be changed any more."))
    stood = tracking.was_open(ticket.ref, moment.at)
    choice = tracking.choose(of_ticket(ticket), ticket.filed_at, stood)
    chosen: dict[str, Value] = {"policy": choice.policy, "calendar": choice.calendar}
    record(moment, kind, actor=actor, data={**data, **chosen})
