"""What a breach does to a ticket: its priority rises one step. Longer ladders come on top."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core import clock, events, outbox
from core.canonical import Value
from core.database import db
from core.events import Entry
from core.outbox import Told
from helpdesk import changes, kinds
from helpdesk.acts import record
from helpdesk.models import Ticket
from helpdesk.moments import Moment
from helpdesk.policyfacts import of_ticket
from helpdesk.rules.lifecycle import Status
from helpdesk.rules.vocabulary import Priority
from sla import tracking
from sla.kinds import TIMER_BREACHED
from sla.models import TimerRow
from sla.rows import hold

SUBSCRIBER = "escalate"


def register() -> None:
    events.subscribe_durable(SUBSCRIBER, TIMER_BREACHED)
    outbox.handle(SUBSCRIBER, escalate)


def escalate(told: Sequence[Told]) -> None:
    """Raise the priority of every ticket of a batch, once for each breach.

    Tickets are locked in the order of their ids, all at once; where the same policy goes on to
    apply (the usual case) no date can move, so nothing is folded anew and ten thousand breaches
    at once stay cheap.
    """
    told = [one for one in told if one.subject.startswith("ticket:")]
    ids = sorted({int(t.subject.partition(":")[2]) for t in told})
    rows = db.session.scalars(
        select(Ticket).where(Ticket.id.in_(ids)).order_by(Ticket.id).with_for_update()
    ).all()
    tickets = {ticket.ref: ticket for ticket in rows}
    hold(TimerRow.subject.in_(list(tickets)))
    at = clock.now()
    chosen = _chosen(list(tickets))
    quick: list[Entry] = []
    for one in told:
        ticket = tickets.get(one.subject)
        if ticket is None or ticket.status in (Status.RESOLVED, Status.CLOSED):
            continue
        was = Priority(ticket.priority)
        if was is was.raised():
            continue
        ticket.priority = was.raised().value
        stood = tracking.was_open(ticket.ref, at)
        choice = tracking.choose(of_ticket(ticket), ticket.filed_at, stood)
        data: dict[str, Value] = {
            "priority": ticket.priority,
            "was": was.value,
            "policy": choice.policy,
            "calendar": choice.calendar,
        }
        if (choice.policy, choice.calendar) == chosen.get(ticket.ref):
            whole = {**data, "status": ticket.status}
            quick.append(Entry(kinds.PRIORITY_SET, ticket.ref, "system", at, whole))
        else:
            # What was said before stands before it in the log, which is folded in that order.
            events.append(quick)
            quick = []
            record(Moment(ticket, at), kinds.PRIORITY_SET, actor="system", data=data)
            chosen[ticket.ref] = (choice.policy, choice.calendar)
    events.append(quick)


def raise_priority(moment: Moment) -> None:
    """The same for one locked ticket, by a step of its ladder."""
    raised = Priority(moment.ticket.priority).raised()
    if raised.value != moment.ticket.priority:
        changes.set_priority(moment.ticket.id, raised, "system")


def _chosen(refs: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The policy and calendar that each ticket's live timers run under, where they agree."""
    found: dict[str, set[tuple[int, int]]] = {}
    for ref, rows in tracking.timers(refs).items():
        found[ref] = {(r.policy_id, r.calendar_id) for r in rows if r.stopped_at is None}
    return {ref: next(iter(pairs)) for ref, pairs in found.items() if len(pairs) == 1}
