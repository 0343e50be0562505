"""A message that is a matter of its own becomes a report of its own (promises, section 5.8)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import select, update

from core.canonical import Value, instant
from core.database import db
from core.errors import IllegalMove, NotFound
from core.i18n import gettext
from helpdesk import filing, kinds
from helpdesk.acts import lock, record
from helpdesk.contacts import vault
from helpdesk.models import Attachment, Message, Ticket
from helpdesk.receipts import Receipt
from helpdesk.rules.lifecycle import ENDED, Status
from helpdesk.rules.vocabulary import Channel, MessageKind, TicketClass
from helpdesk.setup import office


def split(
    ticket_id: int, message_id: int, actor: str, tags: Sequence[str] | None = None
) -> Receipt:
    """File a message of the citizen anew for the same requester: its time counts from when it was
    written, with time to act. Here it is not waited for any more; it stays to be read, and its
    files go along. Raises NotFound for what is no message of theirs, IllegalMove for the first
    one, one that was split off before, and a report that has ended."""
    moment = lock(ticket_id)
    ticket = moment.ticket
    message = _theirs(ticket, message_id)
    if Status(ticket.status) in ENDED or message.seq == 1 or message.split_into is not None:
        raise IllegalMove(gettext("This message cannot become a report of its own."))
    keys = vault()
    receipt = filing.file(
        filing.Filing(
            ticket_class=TicketClass(ticket.ticket_class),
            body=message.body,
            key=f"split:{message.id}:{secrets.token_hex(16)}",
            category_id=ticket.category_id,
            name=ticket.requester_name,
            phone=keys.open(ticket.phone, "ticket.phone") if ticket.phone else None,
            email=keys.open(ticket.email, "ticket.email") if ticket.email else None,
            place_id=ticket.place_id,
            channel=Channel(ticket.channel),
            language=ticket.language,
            tags=tuple(ticket.tags or ()) if tags is None else tuple(tags),
            confidential=ticket.confidential,
            queue_id=office.kept_apart(ticket.queue_id),
            split_from=ticket.id,
            since=message.at,
        )
    )
    message.split_into = receipt.ticket_id
    _take_files_along(message, receipt.ticket_id)
    data: dict[str, Value] = {
        "into": receipt.ticket_id,
        "message": message.id,
        "since": instant(message.at),
    }
    record(moment, kinds.TICKET_SPLIT, actor=actor, data=data)
    return receipt


def _theirs(ticket: Ticket, message_id: int) -> Message:
    found = db.session.scalars(
        select(Message).where(
            Message.id == message_id,
            Message.ticket_id == ticket.id,
            Message.kind == MessageKind.PUBLIC.value,
            Message.author == "requester",
        )
    ).one_or_none()
    if found is None:
        raise NotFound(gettext("There is no such message of the citizen here."))
    return found


def _take_files_along(message: Message, ticket_id: int) -> None:
    first = select(Message.id).where(Message.ticket_id == ticket_id, Message.seq == 1)
    db.session.execute(
        update(Attachment)
        .where(Attachment.message_id == message.id)
        .values(ticket_id=ticket_id, message_id=first.scalar_subquery())
    )
