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


def tell(entries: Sequence[Entry]) -> None:
    """Acts on tickets: their queues, their pages, and (if public) their citizens' pages; each room
    is told once, however much happened."""
    mine = [entry for entry in entries if entry.subject.startswith("ticket:")]
    asked = {_id(entry) for entry in mine if not entry.data.get("queue")}
    found = select(Ticket.id, Ticket.queue_id).where(Ticket.id.in_(asked))
    lies = {row.id: row.queue_id for row in db.session.execute(found)} if asked else {}
    rooms: dict[str, tuple[str, str]] = {}
    for entry in mine:
        queue_id = entry.data.get("queue") or lies.get(_id(entry), 0)
        rooms |= _rooms(_id(entry), int(str(queue_id)), entry.kind.name)
        if entry.kind is kinds.TICKET_MOVED:
            was = f"queue:{entry.data['was']}"
            rooms[was] = ("queue", was)
    for room, (what, ref) in rooms.items():
        hint(room, what, ref)
    for entry in mine:
        if entry.kind is kinds.TICKET_MOVED:
            empty(entry.subject)  # people of the queue that it left may not hear of it any more


def _id(entry: Entry) -> int:
    return int(entry.subject.partition(":")[2])


def _rooms(ticket_id: int, queue_id: int, kind: str) -> dict[str, tuple[str, str]]:
    """Which rooms hear of it: of what, and which ref they hear."""
    ref, queue = f"ticket:{ticket_id}", f"queue:{queue_id}"
    found = {queue: ("queue", queue)}
    if kind == kinds.TICKET_FILED.name:
        return found  # nobody can have its page open yet
    found[ref] = ("ticket", ref)
    if kind in CITIZEN_HEARS:
        found[f"track:{ticket_id}"] = ("ticket", ref)
    return found


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
