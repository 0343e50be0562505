"""What the steps of a policy's ladder do, each once: a durable subscriber carries them out.

The step's event names metric, cycle and step; the timer's policy version says what it does. One
deed that cannot be done (a queue that was shut, a person who left) holds up no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from accounts.models import User
from accounts.rules.access import roles_of
from core import clock, events, outbox
from core.canonical import Value
from core.database import db, on_commit
from core.errors import DomainError
from core.events import Entry
from core.i18n import gettext
from core.live.hints import hint
from core.outbox import Told
from helpdesk import changes, tickets
from helpdesk.acts import lock
from helpdesk.escalation import raise_priority
from helpdesk.escalations import acts, kinds, levels
from helpdesk.escalations.kinds import Cause
from helpdesk.lists import finding
from helpdesk.models import Notice, Ticket
from helpdesk.notifying.overtaken import overtaken
from helpdesk.rules.access import APART
from helpdesk.rules.lifecycle import ENDED, Status
from helpdesk.setup import office
from sla import book
from sla.kinds import TIMER_STEPPED
from sla.models import TimerRow
from sla.rules.deeds import Deed, Does
from sla.rules.policy import Metric

log = logging.getLogger(__name__)

SUBSCRIBER = "ladder"


def register() -> None:
    events.subscribe_durable(SUBSCRIBER, TIMER_STEPPED, kinds.ESCALATED)
    outbox.handle(SUBSCRIBER, climb)


def climb(told: Sequence[Told]) -> None:
    """Do what each step says. A warning that comes after its date warns nobody any more."""
    late = overtaken(told, clock.now())
    for one in told:
        if one.kind == kinds.ESCALATED.name:
            _tell_level(one)
            continue
        for deed in _deeds(one):
            if deed.does is Does.NOTIFY and one.event_id in late:
                continue
            try:
                with db.session.begin_nested():
                    _do(one, deed)
            except DomainError:
                log.warning("a step could not %s for %s", deed.does.value, one.subject)


def _deeds(one: Told) -> Sequence[Deed]:
    if not one.subject.startswith("ticket:"):
        return ()
    policy = db.session.scalar(
        select(TimerRow.policy_id).where(
            TimerRow.subject == one.subject,
            TimerRow.metric == one.data["metric"],
            TimerRow.cycle == one.data["cycle"],
        )
    )
    if policy is None:
        return ()
    metric = Metric(str(one.data["metric"]))
    return book.current().policy(policy).deeds(metric, str(one.data["step"]))


def _do(one: Told, deed: Deed) -> None:
    ticket_id = int(one.subject.partition(":")[2])
    moment = lock(ticket_id)
    if Status(moment.ticket.status) in ENDED:
        return  # it was settled before anybody came to it
    about: dict[str, Value] = {"metric": one.data["metric"], "cycle": one.data["cycle"]}
    does: dict[Does, Callable[[], object]] = {
        Does.NOTIFY: lambda: _notify(one, moment.ticket, whom(moment.ticket, deed.to)),
        Does.RAISE: lambda: raise_priority(moment),
        Does.LEVEL: lambda: acts.reach_level(moment, deed.n, Cause.STEP),
        Does.REASSIGN: lambda: tickets.assign(
            ticket_id, deed.n, "system", moment.ticket.assignee_id
        ),
        Does.QUEUE: lambda: changes.move(
            ticket_id, deed.n, gettext("Moved by the ladder of its promise."), "system"
        ),
        Does.CAUSE: lambda: _want_cause(moment.ticket, about),
        Does.WEBHOOK: lambda: events.append(
            [Entry(kinds.WEBHOOK_WANTED, one.subject, "system", moment.at, about)]
        ),
    }
    does[deed.does]()


def whom(ticket: Ticket, to: str) -> list[int]:
    """Ids of those whom a step names: the holder, a role, a person or a level, of whom only those
    are told who may read the ticket."""
    kind, _, n = to.partition(":")
    if to == "holder":
        ids = [ticket.assignee_id] if ticket.assignee_id else []
    elif kind == "user":
        ids = [int(n)]
    elif kind == "level":
        ids = levels.people_of(int(n), clock.now(), apart=_apart(ticket))
    else:
        ids = list(db.session.scalars(select(User.id).where(User.roles.contains([to]))))
    rows = db.session.execute(
        select(User.id, User.roles).where(User.id.in_(ids), User.active).order_by(User.id)
    )
    return [r.id for r in rows if finding.may_read(r.id, roles_of(r.roles), ticket.queue_id)]


def _apart(ticket: Ticket) -> bool:
    queue = office.queue(ticket.queue_id)
    return ticket.confidential or (queue is not None and queue.key == APART)


def _tell_level(one: Told) -> None:
    """Whoever stands at the level that a ticket reached is told."""
    ticket = db.session.get_one(Ticket, int(str(one.data["ticket"])))
    people = levels.people_of(int(str(one.data["level"])), clock.now(), apart=_apart(ticket))
    _notify(one, ticket, people)


def _notify(one: Told, ticket: Ticket, people: Sequence[int]) -> None:
    rows = [
        {
            "user_id": user_id,
            "event_id": one.event_id,
            "ticket_id": ticket.id,
            "kind": one.kind,
            "at": one.at,
        }
        for user_id in people
    ]
    if rows:
        db.session.execute(insert(Notice).on_conflict_do_nothing(), rows)
        on_commit(lambda: _hint(people))


def _hint(people: Sequence[int]) -> None:
    for user_id in people:
        hint(f"user:{user_id}", "notices", f"user:{user_id}")


def _want_cause(ticket: Ticket, about: dict[str, Value]) -> None:
    if not ticket.cause_wanted:
        ticket.cause_wanted = True
        wanted = Entry(kinds.CAUSE_WANTED, ticket.ref, "system", clock.now(), about)
        events.append([wanted])
