"""Two reports become one, and two again (promises, section 5.7).

The survivor goes on and adopts what was promised earlier to the other's requester; the other is
closed and points to it. Both are locked in the order of their ids. Nothing here commits.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.canonical import Value
from core.database import db
from core.errors import IllegalMove, Invalid
from core.i18n import gettext
from helpdesk import kinds
from helpdesk.acts import act, lock, record
from helpdesk.escalations import acts as escalations
from helpdesk.escalations.kinds import Cause
from helpdesk.models import Escalation, HeldReply, Ticket
from helpdesk.moments import Moment
from helpdesk.rules.lifecycle import ENDED, Action, Status
from helpdesk.setup import office


def merge(ticket_id: int, into_id: int, actor: str) -> Ticket:
    """Close a report as merged into another one that is at work. Raises Invalid for a pair that
    cannot be merged, IllegalMove if either has ended or an appeal waits in the one to be closed:
    it would vanish with it (the other way round it goes on)."""
    if ticket_id == into_id:
        raise Invalid(fields={"into": gettext("A report cannot be merged into itself.")})
    moment, survivor = _lock_both(ticket_id, into_id)
    ticket, into = moment.ticket, survivor.ticket
    if Status(into.status) in ENDED:
        raise IllegalMove(gettext("That report has been settled or closed; nothing goes into it."))
    if (ticket.confidential and not into.confidential) or _leaves_apart(ticket, into):
        sentence = gettext("A confidential report is never merged into an ordinary one.")
        raise Invalid(fields={"into": sentence})
    _nothing_held(ticket, into)
    escalations.demand_no_appeal(ticket.id)
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
    merged_at = ticket.merged_at
    ticket.merged_into = ticket.merged_at = ticket.outcome = None
    record(survivor, kinds.TICKET_RELEASED, actor=actor, data={"of": ticket.id})
    ticket.arrived_at = ticket.parted_at = moment.at
    act(moment, Action.UNMERGE, kinds.TICKET_UNMERGED, actor=actor, data={"into": into_id})
    _bring_before_levels_again(moment, merged_at, actor)
    return ticket


def part_from(ticket_id: int) -> None:
    """Part every report from this one that was merged into it. Locks them in the order of their
    ids first, as whoever merges two does."""
    merged = select(Ticket.id).where(Ticket.merged_into == ticket_id).order_by(Ticket.id)
    ids = list(db.session.scalars(merged))
    for ident in sorted([*ids, ticket_id]) if ids else ():
        lock(ident)
    for ident in ids:
        unmerge(ident, "system")


def _bring_before_levels_again(moment: Moment, merged_at: datetime | None, actor: str) -> None:
    """What waited before a level when the merge ended it is owed there anew."""
    ended = select(Escalation).where(
        Escalation.ticket_id == moment.ticket.id, Escalation.ended_at == merged_at
    )
    for row in db.session.scalars(ended.order_by(Escalation.id)).all():
        escalations.open_level(moment, row.level, Cause(row.cause), actor)


def survivor_of(ticket: Ticket) -> Ticket | None:
    """The report in which a merged one goes on, at the end of all merges; None if it is its own."""
    chain = survivors(ticket)
    return chain[-1][0] if chain else None


def survivors(ticket: Ticket) -> list[tuple[Ticket, datetime]]:
    """The reports in which a merged one went on, one after another, each with the moment from
    which this one stands in it."""
    found: list[tuple[Ticket, datetime]] = []
    one = ticket
    while one.merged_into is not None and one.merged_at is not None:
        since, one = one.merged_at, db.session.get_one(Ticket, one.merged_into)
        found.append((one, since))
    return found


def _leaves_apart(ticket: Ticket, into: Ticket) -> bool:
    """True if what goes past the office's own units would come before them."""
    return (
        office.kept_apart(ticket.queue_id) is not None and office.kept_apart(into.queue_id) is None
    )


def _nothing_held(*tickets: Ticket) -> None:
    """A reply that is held was written to one of the requesters; after a merge it would leave to
    both, or to nobody. Raises IllegalMove while there is one."""
    ids = [ticket.id for ticket in tickets]
    if db.session.scalar(select(HeldReply.id).where(HeldReply.ticket_id.in_(ids)).limit(1)):
        raise IllegalMove(gettext("A reply is just about to leave. Please try again in a moment."))


def _lock_both(ticket_id: int, into_id: int) -> tuple[Moment, Moment]:
    """Both at the same instant: the later of the two at which their locks were held."""
    first, second = sorted((ticket_id, into_id))
    held = {first: lock(first), second: lock(second)}
    at = max(moment.at for moment in held.values())
    return Moment(held[ticket_id].ticket, at), Moment(held[into_id].ticket, at)
