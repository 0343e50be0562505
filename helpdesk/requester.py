"""What the citizen does with a report: write, reopen by writing, take it back, find it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.canonical import Value
from core.database import db
from core.errors import NotFound
from core.i18n import gettext
from core.secrets import normal_code
from helpdesk import filing, kinds
from helpdesk.acts import act, lock
from helpdesk.contacts import vault
from helpdesk.conversations import thread
from helpdesk.conversations.attachments import Upload
from helpdesk.escalations import acts as escalations
from helpdesk.escalations.kinds import Cause
from helpdesk.models import Message, Ticket
from helpdesk.moments import Moment
from helpdesk.receipts import Receipt
from helpdesk.relations import merging
from helpdesk.rules.lifecycle import Action, Status
from helpdesk.rules.vocabulary import Channel, MessageKind, TicketClass
from helpdesk.setup import office


@dataclass(frozen=True, slots=True)
class Written:
    """Where the words went: into the thread, or (after it was closed) into a new ticket."""

    message: Message | None
    receipt: Receipt | None = None


def write(
    ticket_id: int, body: str, key: str | None = None, uploads: Sequence[Upload] = ()
) -> Written:
    """A message of the citizen. It resumes what waited, reopens what was resolved, and after the
    window it makes a new ticket that is linked to the old one."""
    moment, author = _where(ticket_id)
    ticket = moment.ticket
    before = thread.said_before(ticket.id, key, MessageKind.PUBLIC, body)
    if before is not None:
        return Written(before)
    if ticket.status == Status.CLOSED:
        # Of their own report, also where it went on in another's: whose that is stays untold.
        own = ticket if author == "requester" else db.session.get_one(Ticket, ticket_id)
        return Written(None, _follow_up(own, body, key, uploads))
    reopens = ticket.status == Status.RESOLVED
    message = thread.add(moment, MessageKind.PUBLIC, author, body, client_key=key, uploads=uploads)
    ticket.snoozed_until = None
    kind = kinds.TICKET_REOPENED if reopens else kinds.REQUESTER_WROTE
    act(moment, Action.WRITE, kind, actor="requester", data={"message": message.id})
    return Written(message)


def withdraw(ticket_id: int) -> Ticket:
    """Take it back: it ends, and its promises with it, but for those that were missed. What was
    merged into it is not theirs to end, and goes on by itself."""
    merging.part_from(ticket_id)
    moment = lock(ticket_id)
    act(moment, Action.WITHDRAW, kinds.TICKET_WITHDRAWN, actor="requester")
    return moment.ticket


def _where(ticket_id: int) -> tuple[Moment, str]:
    """The report that takes the words, locked: of one that was merged, the survivor, and so on.
    There they stand under the name of the report that they came from, unseen by its requester."""
    while True:
        # Only the one that takes the words is locked: a merge and its undoing hold both in the
        # order of their ids, and whoever held the merged one here would wait against that order.
        end, step = _end_of(ticket_id), db.session.begin_nested()
        moment = lock(end)
        still = moment.ticket.merged_into is None
        if still and (end == ticket_id or _end_of(ticket_id) == end):
            step.commit()
            return moment, "requester" if end == ticket_id else f"ticket:{ticket_id}"
        step.rollback()  # merged on or parted while its lock was waited for: let it go


def _end_of(ticket_id: int) -> int:
    """The id of the report in which this one goes on by now; its own if it was not merged."""
    found = ticket_id
    asked = select(Ticket.merged_into)
    while (into := db.session.scalar(asked.where(Ticket.id == found))) is not None:
        found = into
    return found


def appeal(ticket_id: int, body: str, key: str | None = None) -> Written:
    """The citizen does not accept a refusal or a result: it climbs one level and is promised anew
    in full (promises, section 5.6). Raises IllegalMove where there is nothing to appeal against."""
    moment = lock(ticket_id)
    before = thread.said_before(ticket_id, key, MessageKind.PUBLIC, body)
    if before is not None:
        return Written(before)
    message = thread.add(moment, MessageKind.PUBLIC, "requester", body, client_key=key)
    moment.ticket.snoozed_until = None
    level = escalations.next_level(ticket_id)
    data: dict[str, Value] = {"message": message.id, "level": level}
    act(moment, Action.APPEAL, kinds.TICKET_APPEALED, actor="requester", data=data)
    escalations.open_level(moment, level, Cause.APPEAL, "requester")
    return Written(message)


def _follow_up(old: Ticket, body: str, key: str | None, uploads: Sequence[Upload]) -> Receipt:
    keys = vault()
    return filing.file(
        filing.Filing(
            ticket_class=TicketClass(old.ticket_class),
            body=body,
            # Bound to the old ticket, so that one key cannot name two follow-ups.
            key=f"follow:{old.id}:{key or secrets.token_hex(16)}",
            category_id=old.category_id,
            name=old.requester_name,
            phone=keys.open(old.phone, "ticket.phone") if old.phone else None,
            email=keys.open(old.email, "ticket.email") if old.email else None,
            place_id=old.place_id,
            about_ref=old.about_ref,
            channel=Channel(old.channel),
            language=old.language,
            tags=tuple(old.tags or ()),
            follows=old.id,
            confidential=old.confidential,
            queue_id=office.kept_apart(old.queue_id),
            uploads=uploads,
        )
    )


def find(typed_code: str, typed_pin: str) -> Ticket:
    """The ticket that code and PIN open together. Wrong, closed and unknown look alike."""
    code = normal_code(typed_code)
    pin = "".join(c for c in typed_pin if c.isdigit())
    keys = vault()
    ticket = db.session.scalars(
        select(Ticket).where(Ticket.code_key == keys.fingerprint(code, "code"))
    ).one_or_none()
    expected = ticket.pin_key if ticket is not None and ticket.pin_key else b"\0" * 32
    fits = keys.same(f"{code}{pin}", "pin", expected)
    if ticket is None or not fits:
        raise NotFound(
            gettext("Code and PIN do not fit together. Please check both; capitals do not matter.")
        )
    return ticket
