"""Two reports become one, and two again (promises, section 5.7).

The survivor goes on and adopts what was promised earlier to the other's requester; the other is
closed and points to it. Both are locked in the order of their ids. Nothing here commits.
"""

from __future__ import annotations

from sqlalchemy import select

from core.canonical import Value
from core.database import db
from core.errors import IllegalMove, Invalid
from core.i18n import gettext
from helpdesk import kinds
from helpdesk.acts import act, lock, record
from helpdesk.models import Ticket
from helpdesk.moments import Moment
from helpdesk.rules.lifecycle import ENDED, Action, Status


def merge(ticket_id: int, into_id: int, actor: str) -> Ticket:
    """Close a report as merged into another one that is at work. Raises Invalid for a pair that
    cannot be merged, IllegalMove if either has ended."""
    if ticket_id == into_id:
        raise Invalid(fields={"into": gettext("A report cannot be merged into itself.")})
    moment, survivor = _lock_both(ticket_id, into_id)
    ticket, into = moment.ticket, survivor.ticket
    if Status(into.status) in ENDED:
        raise IllegalMove(gettext("That report has been settled or closed; nothing goes into it."))
    if ticket.confidential and not into.confidential:
        sentence = gettext("A confidential report is never merged into an ordinary one.")
        raise Invalid(fields={"into": sentence})
    data: dict[str, Value] = {"of": ticket.id}
    record(survivor, kinds.TICKET_ADOPTED, actor=actor, data=data)
    act(moment, Action.MERGE, kinds.TICKET_MERGED, actor=actor, data={"into": into.id})
    ticket.merged_into, ticket.merged_at = into.id, moment.at
    return ticket


def unmerge(ticket_id: int, actor: str) -> Ticket:
    """Take a merge back: both reports are promised anew as if it had not been, with time to act.
    What was said meanwhile stays where it was said."""
    into_id = db.session.scalar(select(Ticket.merged_into).where(Ticket.id == ticket_id))
    if into_id is None:
        raise IllegalMove(gettext("This report is not merged into another one."))
    moment, survivor = _lock_both(ticket_id, into_id)
    ticket = moment.ticket
    if ticket.merged_into != into_id:
        raise IllegalMove(gettext("This report is not merged into another one."))
    ticket.merged_into = ticket.merged_at = ticket.outcome = None
    record(survivor, kinds.TICKET_RELEASED, actor=actor, data={"of": ticket.id})
    ticket.arrived_at = moment.at
    act(moment, Action.UNMERGE, kinds.TICKET_UNMERGED, actor=actor, data={"into": into_id})
    return ticket


def survivor_of(ticket: Ticket) -> Ticket | None:
    """The report in which a merged one goes on, at the end of all merges; None if it is its own."""
    found = ticket
    while found.merged_into is not None:
        found = db.session.get_one(Ticket, found.merged_into)
    return None if found is ticket else found


def _lock_both(ticket_id: int, into_id: int) -> tuple[Moment, Moment]:
    """Both at the same instant: the later of the two at which their locks were held."""
    first, second = sorted((ticket_id, into_id))
    held = {first: lock(first), second: lock(second)}
    at = max(moment.at for moment in held.values())
    return Moment(held[ticket_id].ticket, at), Moment(held[into_id].ticket, at)
