"""What people of the office do with a ticket. Each act locks it, moves it, and tells the log.

`actor` is the ref of who acts. Nothing here commits: entry points do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from core.canonical import Value, instant
from core.database import db
from core.errors import Conflict, IllegalMove, Invalid
from core.event_kinds import Kind
from core.events import Entry, Event, append
from core.i18n import gettext
from helpdesk import kinds
from helpdesk.acts import act, lock
from helpdesk.conversations import thread
from helpdesk.conversations.attachments import Upload
from helpdesk.models import Message, Ticket
from helpdesk.moments import Moment
from helpdesk.rules.lifecycle import Action, Status
from helpdesk.rules.questions import asks, letters
from helpdesk.rules.vocabulary import MessageKind
from sla.models import TimerRow
from sla.rules.policy import Metric

NOTHING: Mapping[str, Value] = {}


def accept(ticket_id: int, actor: str) -> Ticket:
    """Confirm class and queue; in OPEN only while VERIFICATION still runs."""
    moment = lock(ticket_id)
    if moment.ticket.status == Status.OPEN and not _verifying(moment.ticket):
        raise IllegalMove(gettext("This report has been accepted already."))
    act(moment, Action.ACCEPT, kinds.TICKET_ACCEPTED, actor=actor)
    moment.ticket.accepted_at = moment.at
    return moment.ticket


def _verifying(ticket: Ticket) -> bool:
    running = db.session.scalars(
        select(TimerRow.id).where(
            TimerRow.subject == ticket.ref,
            TimerRow.metric == Metric.VERIFICATION.value,
            TimerRow.stopped_at.is_(None),
        )
    ).first()
    return running is not None


def assign(ticket_id: int, to: int | None, actor: str, was: int | None = None) -> Ticket:
    """Give a ticket to a person (None: to nobody). `was` is whom the actor saw holding it: if
    that has changed meanwhile, Conflict, so that of two who take it one is told."""
    moment = lock(ticket_id)
    ticket = moment.ticket
    if ticket.assignee_id != was:
        raise Conflict(gettext("Somebody else has just taken this report. Please look again."))
    data: dict[str, Value] = {}
    if to is not None:
        data["to"] = f"user:{to}"
    if was is not None:
        data["was"] = f"user:{was}"
    ticket.assignee_id = to
    act(moment, Action.ASSIGN, kinds.TICKET_ASSIGNED, actor=actor, data=data)
    return ticket


def _say(
    ticket_id: int,
    action: Action,
    kind: Kind,
    body: str,
    actor: str,
    key: str | None,
    uploads: Sequence[Upload],
    more: Mapping[str, Value] = NOTHING,
) -> tuple[Moment, Message]:
    """An act that carries a public message by a person of the office."""
    moment = lock(ticket_id)
    before = thread.said_before(ticket_id, key, MessageKind.PUBLIC, body)
    if before is not None:
        if not _said_by(moment.ticket, before, kind):
            raise thread.SentBefore  # "send" came first, and now "send and settle"
        return moment, before
    message = thread.add(moment, MessageKind.PUBLIC, actor, body, client_key=key, uploads=uploads)
    act(moment, action, kind, actor=actor, data={"message": message.id, **more})
    return moment, message


def _said_by(ticket: Ticket, message: Message, kind: Kind) -> bool:
    """True if the message came with an act of this kind."""
    asked = select(Event.id).where(
        Event.subject == ticket.ref,
        Event.kind == kind.name,
        Event.data["message"].astext == str(message.id),
    )
    return db.session.scalar(asked) is not None


def answer(
    ticket_id: int, body: str, actor: str, key: str | None = None, uploads: Sequence[Upload] = ()
) -> Message:
    """Answer the citizen."""
    return _say(ticket_id, Action.ANSWER, kinds.TICKET_ANSWERED, body, actor, key, uploads)[1]


def ask(
    ticket_id: int, body: str, actor: str, key: str | None = None, uploads: Sequence[Upload] = ()
) -> Message:
    """Ask the citizen something and wait for the reply (PENDING)."""
    counted: dict[str, Value] = {"letters": letters(body), "asks": int(asks(body))}
    return _say(ticket_id, Action.ASK, kinds.TICKET_ASKED, body, actor, key, uploads, counted)[1]


def resolve(
    ticket_id: int, body: str, actor: str, key: str | None = None, uploads: Sequence[Upload] = ()
) -> Message:
    """Settle it with a public message, so that nothing ends unanswered."""
    return _say(ticket_id, Action.RESOLVE, kinds.TICKET_RESOLVED, body, actor, key, uploads)[1]


def refuse(ticket_id: int, body: str, actor: str, key: str | None = None) -> Message:
    """Refuse it with a reason that the citizen reads."""
    return _say(ticket_id, Action.REFUSE, kinds.TICKET_REFUSED, body, actor, key, ())[1]


def forward(ticket_id: int, body: str, actor: str, key: str | None = None) -> Message:
    """Pass it to another authority and say so to the citizen."""
    return _say(ticket_id, Action.FORWARD, kinds.TICKET_FORWARDED, body, actor, key, ())[1]


def note(ticket_id: int, body: str, actor: str, key: str | None = None) -> Message:
    """A line for the office's own eyes; it moves nothing."""
    moment = lock(ticket_id)
    before = thread.said_before(ticket_id, key, MessageKind.NOTE, body)
    if before is not None:
        return before
    message = thread.add(moment, MessageKind.NOTE, actor, body, client_key=key)
    data: dict[str, Value] = {"message": message.id}
    append([Entry(kinds.NOTE_ADDED, moment.ticket.ref, actor, moment.at, data)])
    return message


def hold(ticket_id: int, agency: str, reason: str, actor: str) -> Ticket:
    """Wait for another office: which one is shown to the citizen, the reason to the office."""
    agency = agency.strip()
    if not agency:
        raise Invalid(fields={"agency": gettext("Please say which office is waited for.")})
    if len(agency) > 120:
        raise Invalid(fields={"agency": gettext("Please use at most 120 letters.")})
    moment = lock(ticket_id)
    act(moment, Action.HOLD, kinds.TICKET_HELD, actor=actor)
    moment.ticket.waits_for = agency
    thread.add(moment, MessageKind.NOTE, actor, thread.clean(reason, "reason"))
    return moment.ticket


def resume(ticket_id: int, actor: str) -> Ticket:
    """Go on, whether it waited for the citizen or for another office."""
    moment = lock(ticket_id)
    act(moment, Action.RESUME, kinds.TICKET_RESUMED, actor=actor)
    return moment.ticket


def snooze(ticket_id: int, until: datetime | None, actor: str) -> Ticket:
    """Put it off on its agent's own list until a moment (None: show it again). No date moves, and
    the citizen's next message shows it at once. Raises Invalid for a moment that is past."""
    moment = lock(ticket_id)
    if until is not None and until <= moment.at:
        raise Invalid(fields={"until": gettext("Please choose a moment that is still to come.")})
    moment.ticket.snoozed_until = until
    data: dict[str, Value] = {"until": instant(until)} if until is not None else {}
    append([Entry(kinds.TICKET_SNOOZED, moment.ticket.ref, actor, moment.at, data)])
    return moment.ticket


def spam(ticket_id: int, actor: str) -> Ticket:
    moment = lock(ticket_id)
    act(moment, Action.SPAM, kinds.TICKET_SPAMMED, actor=actor)
    return moment.ticket


def reopen(ticket_id: int, actor: str) -> Ticket:
    """Take it up again within the window after it was resolved."""
    moment = lock(ticket_id)
    act(moment, Action.REOPEN, kinds.TICKET_REOPENED, actor=actor)
    return moment.ticket
