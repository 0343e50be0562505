"""Filing: a ticket, its first message, its event and its promises, in one transaction.

Idempotent: the same key gives the same ticket, and (because code and PIN are derived from the key
under a secret of this installation) the same receipt, though only their hashes are stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import clock, events
from core.canonical import Value, instant
from core.database import db
from core.errors import Invalid
from core.events import Entry
from core.i18n import gettext, local
from helpdesk import kinds
from helpdesk.contacts import sealed, vault
from helpdesk.conversations.attachments import Upload, keep
from helpdesk.conversations.thread import SentBefore, clean, hashed
from helpdesk.facts import fact
from helpdesk.insertion import INSERT
from helpdesk.models import Message, Ticket
from helpdesk.policyfacts import policy_facts
from helpdesk.receipts import Receipt, code_and_pin
from helpdesk.rules.lifecycle import Status
from helpdesk.rules.requesters import requester_kind
from helpdesk.rules.routing import queue_for
from helpdesk.rules.vocabulary import Channel, MessageKind, Priority, TicketClass
from helpdesk.setup import office
from helpdesk.setup.office import Topic
from sla import tracking
from sla.rules.fold import Fold

TITLE_LETTERS = 90


@dataclass(frozen=True, slots=True)
class Filing:
    """What somebody brings. Contacts are already in their one form; files already checked."""

    ticket_class: TicketClass
    body: str
    key: str
    category_id: int | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    place_id: int | None = None
    about_ref: str | None = None
    public_ok: bool = False
    channel: Channel = Channel.WEB
    language: str = "id"
    tags: tuple[str, ...] = ()
    follows: int | None = None
    confidential: bool = False
    queue_id: int | None = None  # where it goes, past the routing table
    split_from: int | None = None
    since: datetime | None = None  # of a split: the moment of the message, from which time counts
    uploads: Sequence[Upload] = ()


def title_of(body: str) -> str:
    """The first line, cut at a word: what lists show until somebody gives a better one."""
    line = body.strip().splitlines()[0].strip()
    if len(line) <= TITLE_LETTERS:
        return line
    cut = line[:TITLE_LETTERS].rsplit(" ", 1)[0]
    return (cut if len(cut) > TITLE_LETTERS // 2 else line[:TITLE_LETTERS]) + "…"


def route(ticket_class: str, category_id: int | None) -> int:
    """The queue that takes it, by the table that administrators edit."""
    queue = queue_for(office.routes(), ticket_class, category_id)
    if queue is None:
        raise Invalid(gettext("No queue takes reports yet. Please call the office."))
    return queue


def file(filing: Filing) -> Receipt:
    """File it. Raises Invalid for what cannot be taken; then nothing is half done. SentBefore if
    the key was used for another report."""
    if len(filing.key) < 16:
        raise Invalid(gettext("The form has no key; please load the page again."))
    code, pin = code_and_pin(filing.key)
    at = clock.opened()
    category = _category(filing)
    queue_id = filing.queue_id or route(filing.ticket_class, filing.category_id)
    contacts = sealed(filing.phone, filing.email)
    body = clean(filing.body, "text")
    values: dict[str, object] = {
        "ticket_class": filing.ticket_class.value,
        "category_id": filing.category_id,
        "title": title_of(body),
        "queue_id": queue_id,
        "priority": Priority.NORMAL.value,
        "status": Status.NEW.value,
        "channel": filing.channel.value,
        "language": filing.language,
        "tags": list(filing.tags),
        "requester_name": filing.name,
        "phone": contacts.phone,
        "phone_key": contacts.phone_key,
        "email": contacts.email,
        "email_key": contacts.email_key,
        "place_id": filing.place_id,
        "about_ref": filing.about_ref,
        "public_ok": filing.public_ok,
        "requester_kind": requester_kind(
            filing.channel,
            named=bool(filing.name),
            reachable=bool(contacts.phone_key or contacts.email_key),
        ).value,
        "follows": filing.follows,
        "split_from": filing.split_from,
        "confidential": filing.confidential,
        "code_key": vault().fingerprint(code, "code"),
        "pin_key": vault().fingerprint(f"{code}{pin}", "pin"),
        "idempotency_key": hashed(filing.key),
        "filed_at": at,
        "arrived_at": at,
        "updated_at": at,
        "last_seq": 1,
    }
    data, state = _promise(values, category, at, filing.since)
    values["next_due_at"] = state.next_due()
    words = {"year": local(at).year, "kind": MessageKind.PUBLIC.value, "body": body}
    row = db.session.execute(INSERT, {**values, **words}).one_or_none()
    if row is None:
        return _filed_before(filing.key, code, pin, body)
    ref = f"ticket:{row.id}"
    if filing.uploads:
        keep(db.session.get_one(Message, row.message_id), filing.uploads)
    filed = {**data, "message": row.message_id}
    events.append([Entry(kinds.TICKET_FILED, ref, "requester", at, filed)])
    tracking.start(ref, state, at)
    return Receipt(row.id, row.number, code, pin)


def _promise(
    values: Mapping[str, object],
    category: Topic | None,
    at: datetime,
    since: datetime | None = None,
) -> tuple[dict[str, Value], Fold]:
    """What the event of filing will say, and the promises that follow from it."""
    choice = tracking.choose(policy_facts(values, category), at)
    data: dict[str, Value] = {
        "status": Status.NEW.value,
        "policy": choice.policy,
        "calendar": choice.calendar,
        "class": str(values["ticket_class"]),
        "channel": str(values["channel"]),
        "queue": int(str(values["queue_id"])),
        "priority": str(values["priority"]),
    }
    named = {
        "category": "category_id",
        "place": "place_id",
        "follows": "follows",
        "split_from": "split_from",
    }
    for name, key in named.items():
        if values[key] is not None:
            data[name] = int(str(values[key]))
    service = values["about_ref"]
    if service is not None and kinds.HOLDS["service"](str(service)):
        data["service"] = str(service)
    if since is not None:
        data["since"] = instant(since)
    filed = fact(kinds.TICKET_FILED.name, at, data)
    assert filed is not None
    return data, tracking.foresee(filed)


def _category(filing: Filing) -> Topic | None:
    if filing.category_id is None:
        return None
    found = office.topic(filing.category_id)
    if found is None or not found.active:
        raise Invalid(fields={"category": gettext("Please choose one of the listed topics.")})
    return found


def _filed_before(key: str, code: str, pin: str, body: str) -> Receipt:
    row = db.session.execute(
        select(Ticket.id, Ticket.number, Message.body)
        .join(Message, (Message.ticket_id == Ticket.id) & (Message.seq == 1))
        .where(Ticket.idempotency_key == hashed(key))
    ).one_or_none()
    if row is None:
        # The code collided with another ticket's (one in 2^50 for each): a new key mends it.
        raise Invalid(gettext("Please send the form once more."))
    if row.body != body:
        raise SentBefore
    return Receipt(row.id, row.number, code, pin, again=True)
