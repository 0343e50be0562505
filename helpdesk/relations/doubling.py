"""A report that says again what another one says ends with a link to it."""

from __future__ import annotations

from sqlalchemy import select

from core.database import db
from core.errors import Invalid
from core.i18n import gettext
from helpdesk import kinds
from helpdesk.acts import act, lock
from helpdesk.escalations import acts as escalations
from helpdesk.models import Ticket
from helpdesk.rules.lifecycle import Action, Outcome

UNANSWERED = frozenset({Outcome.DUPLICATE, Outcome.SPAM, Outcome.WITHDRAWN, Outcome.NOT_COMPLETED})


def duplicate(ticket_id: int, of_number: str, actor: str) -> Ticket:
    """End it as a duplicate of another ticket, named by its number. Raises IllegalMove while an
    appeal waits in it, which would vanish; Invalid for one that ended without an answer, so that
    no two are closed as duplicates of each other."""
    other = db.session.scalars(
        select(Ticket).where(Ticket.number == of_number.strip().upper())
    ).one_or_none()
    if other is None:
        raise Invalid(fields={"of": gettext("There is no report with this number.")})
    if other.id == ticket_id:
        raise Invalid(fields={"of": gettext("A report cannot be a duplicate of itself.")})
    first, second = sorted((ticket_id, other.id))  # in the order of their ids, as in a merge
    held = {first: lock(first), second: lock(second)}
    moment, other = held[ticket_id], held[other.id].ticket
    if other.outcome in UNANSWERED:
        sentence = gettext("That report has ended without an answer, so nobody would answer this.")
        raise Invalid(fields={"of": sentence})
    escalations.demand_no_appeal(ticket_id)
    moment.ticket.duplicate_of = other.id
    act(moment, Action.DUPLICATE, kinds.TICKET_DUPLICATED, actor=actor, data={"of": other.id})
    return moment.ticket
