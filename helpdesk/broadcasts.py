"""Hints to screens: which rooms hear of which event.

Acts are told right after their commit, by the process that did them. What the sweeper records is
told by the worker that writes the notices of it (see helpdesk.notifying.notifications).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core import events
from core.database import db, on_commit
from core.event_kinds import Visibility
from core.events import Entry
from core.live import sockets
from core.live.hints import empty, hint
from core.live.sockets import Identity
from core.outbox import Told
from helpdesk import kinds
from helpdesk.models import Ticket
from helpdesk.rules.lifecycle import Status
from sla.kinds import PROMISE_LATER, TIMER_BREACHED, TIMER_STEPPED

CITIZEN_HEARS = {
    kind.name
    for kind in (*kinds.ACTS, TIMER_BREACHED, PROMISE_LATER)
    if kind.visibility is Visibility.PUBLIC
}


def register() -> None:
    events.subscribe_live(tell, *kinds.ACTS, PROMISE_LATER, kinds.NOTE_ADDED, kinds.LETTER_LOST)
    sockets.room_guard("queue", may_hear_queue)
    sockets.room_guard("ticket", may_hear_ticket)
    sockets.room_guard("track", may_track)
    sockets.room_guard("user", lambda identity, user_id: identity.ref == f"user:{user_id}")


def tell(entry: Entry) -> None:
    """An act on a ticket: its queue, its page, and (if public) its citizen's page."""
    if not entry.subject.startswith("ticket:"):
        return
    ticket_id = int(entry.subject.partition(":")[2])
    queue_id = entry.data.get("queue") or db.session.scalar(
        select(Ticket.queue_id).where(Ticket.id == ticket_id)
    )
    _hint(ticket_id, int(queue_id or 0), entry.kind.name)
    if entry.kind is kinds.TICKET_MOVED:
        hint(f"queue:{entry.data['was']}", "queue", f"queue:{entry.data['was']}")
        empty(entry.subject)  # people of the queue that it left may not hear of it any more


def _hint(ticket_id: int, queue_id: int, kind: str) -> None:
    ref, queue = f"ticket:{ticket_id}", f"queue:{queue_id}"
    hint(queue, "queue", queue)
    if kind == kinds.TICKET_FILED.name:
        return  # nobody can have its page open yet
    hint(ref, "ticket", ref)
    if kind in CITIZEN_HEARS:
        hint(f"track:{ticket_id}", "ticket", ref)


def tell_swept(told: Sequence[Told]) -> None:
    """Warnings and breaches: one hint a ticket and one a queue, however many came at once."""
    swept = (TIMER_BREACHED.name, TIMER_STEPPED.name)
    mine = [one for one in told if one.subject.startswith("ticket:") and one.kind in swept]
    ids = {int(one.subject.partition(":")[2]) for one in mine}
    if not ids:
        return
    late = {one.subject for one in told if one.kind == TIMER_BREACHED.name}
    rows = db.session.execute(
        select(Ticket.id, Ticket.queue_id).where(
            Ticket.id.in_(ids), Ticket.status != Status.CLOSED.value
        )
    ).all()

    def send() -> None:
        for queue_id in {queue for _, queue in rows}:
            hint(f"queue:{queue_id}", "queue", f"queue:{queue_id}")
        for ticket_id, _ in rows:
            hint(f"ticket:{ticket_id}", "ticket", f"ticket:{ticket_id}")
            if f"ticket:{ticket_id}" in late:  # a warning is the office's own matter
                hint(f"track:{ticket_id}", "ticket", f"ticket:{ticket_id}")

    on_commit(send)


def _queues(identity: Identity) -> set[int]:
    from accounts.who import current_user
    from helpdesk.lists import finding

    viewer = current_user()
    if viewer is None or viewer.ref != identity.ref:
        return set()
    return {queue.id for queue in finding.queues_of(viewer)}


def may_hear_queue(identity: Identity, queue_id: int) -> bool:
    return queue_id in _queues(identity)


def may_hear_ticket(identity: Identity, ticket_id: int) -> bool:
    """People of the office who read the ticket; a guest never, for notes are told here."""
    if not identity.ref.startswith("user:"):
        return False
    queue_id = db.session.scalar(select(Ticket.queue_id).where(Ticket.id == ticket_id))
    return queue_id in _queues(identity)


def may_track(identity: Identity, ticket_id: int) -> bool:
    """The guest who opened just this ticket."""
    return identity.ref == f"ticket:{ticket_id}"
