"""The lines of a conversation as the citizen and the office read them.

A page shows the newest lines. Earlier ones are found by the key of the first that is shown, later
ones by the key of the last, so a thread of thousands costs what one of twenty does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from accounts.directory import names_of
from core.canonical import instant
from core.database import db
from core.events import Event
from core.i18n import compact_words, gettext, near_words
from core.storage.keyset import most
from helpdesk import kinds
from helpdesk.conversations.shown_files import of_messages
from helpdesk.models import Message, Ticket
from helpdesk.relations.stays import stays
from helpdesk.rules.vocabulary import MessageKind

PAGE = 50
CAUGHT_UP = 200  # lines at a time for a page that was away


@dataclass(frozen=True, slots=True)
class Window:
    """Some lines in their order. `earlier`: the key to ask by for those before; None at the start.
    `newest`: whether the thread ends with them."""

    lines: list[dict[str, Any]]
    earlier: int | None
    newest: bool


def for_citizen(ticket: Ticket, now: datetime, before: int | None = None) -> Window:
    """What the requester reads; `seq`, the number of a public line, is the key."""
    criteria, key = _public(ticket)
    messages, earlier = _back(criteria, key, before)
    return Window(_told(ticket, messages, now, key), earlier, before is None)


def for_citizen_after(ticket: Ticket, now: datetime, after: int) -> list[dict[str, Any]]:
    """What came after a line."""
    criteria, key = _public(ticket)
    return _told(ticket, _forth(criteria, key, after), now, key)


def for_office(ticket: Ticket, now: datetime, before: int | None = None) -> Window:
    """The thread as the office reads it, notes too. The key is the message's id here, since
    notes have no number of their own."""
    messages, earlier = _back([Message.ticket_id == ticket.id], Message.id, before)
    return Window(_told_office(ticket, messages, now), earlier, before is None)


def for_office_after(ticket: Ticket, now: datetime, after: int) -> list[dict[str, Any]]:
    """What came after a line."""
    messages = _forth([Message.ticket_id == ticket.id], Message.id, after)
    return _told_office(ticket, messages, now)


def question(ticket: Ticket) -> str:
    """What the office asked last; answers may have been written after it."""
    asked = (
        select(Event.data["message"].astext.cast(BigInteger))
        .where(Event.subject == ticket.ref, Event.kind == kinds.TICKET_ASKED.name)
        .order_by(Event.id.desc())
        .limit(1)
    )
    return db.session.scalar(select(Message.body).where(Message.id.in_(asked))) or ""


Criteria = list[ColumnElement[bool]]
Key = InstrumentedAttribute[Any]


def _public(ticket: Ticket) -> tuple[Criteria, Key]:
    """What the requester may read, and the key by which it is paged: the number of a line or,
    where lines of two threads stand together after a merge, its id."""
    public = Message.kind != MessageKind.NOTE.value
    own = and_(Message.ticket_id == ticket.id, Message.author.not_like("ticket:%"))
    stood = stays(ticket)
    if not stood:
        return [public, own], Message.seq
    # Section 5.7: their own messages, and the public replies written after the merge; of one that
    # was merged on, those of each report while theirs stood in it. After an undoing they keep both.
    replies = and_(Message.author.not_like("ticket:%"), Message.author != "requester")
    there = [
        and_(
            Message.ticket_id == stay.ticket_id,
            or_(
                Message.author == ticket.ref,
                and_(replies, Message.at >= stay.since, Message.at < stay.until),
            ),
        )
        for stay in stood
    ]
    return [public, or_(own, *there)], Message.id


def requester_reads(ticket: Ticket, message_id: int) -> bool:
    """Is this line one that the requester of a report reads?"""
    criteria, _ = _public(ticket)
    asked = select(Message.id).where(*criteria, Message.id == message_id)
    return db.session.scalar(asked) is not None


def who_filed(name: str | None) -> str:
    """The requester by name, or that none was given."""
    return name or gettext("No name given")


def _back(criteria: Criteria, key: Key, before: int | None) -> tuple[list[Message], int | None]:
    """The last page of lines before a key, and the key for those before them."""
    wanted = select(Message).where(*criteria)
    if before is not None:
        wanted = wanted.where(key < before)
    found = list(db.session.scalars(wanted.order_by(key.desc()).limit(most(PAGE + 1))))
    shown = found[:PAGE][::-1]
    return shown, (getattr(shown[0], key.key) if len(found) > PAGE else None)


def _forth(criteria: Criteria, key: Key, after: int) -> list[Message]:
    wanted = select(Message).where(*criteria, key > after)
    return list(db.session.scalars(wanted.order_by(key).limit(CAUGHT_UP)))


def _told(
    ticket: Ticket, messages: Sequence[Message], now: datetime, key: Key
) -> list[dict[str, Any]]:
    """Public lines, people of the office by the name of the office."""
    files, own = of_messages(messages), ("requester", ticket.ref)
    return [
        {
            "who": gettext("You") if m.author in own else gettext("Officer"),
            "when_words": near_words(m.at, now),
            "when_iso": instant(m.at),
            "side": _public_side(m, own),
            "text": m.body,
            "files": files.get(m.id, []),
            "seq": getattr(m, key.key),
        }
        for m in messages
    ]


def _public_side(message: Message, own: tuple[str, str]) -> str:
    if message.kind == MessageKind.AUTO:
        return "auto"
    return "mine" if message.author in own else "theirs"


def _told_office(
    ticket: Ticket, messages: Sequence[Message], now: datetime
) -> list[dict[str, Any]]:
    names, files = names_of(m.author for m in messages), of_messages(messages)
    filed_by = who_filed(ticket.requester_name)
    return [
        {
            "who": _author(m, names, filed_by),
            "when_words": compact_words(m.at, now),
            "when_iso": instant(m.at),
            "side": _side(m),
            "text": m.body,
            "files": files.get(m.id, []),
            "seq": m.id,
        }
        for m in messages
    ]


def _author(message: Message, names: dict[str, str], filed_by: str) -> str:
    if message.author == "requester":
        return filed_by
    if message.author.startswith("ticket:"):
        return gettext("The requester of the report that was merged")
    name = names.get(message.author, gettext("System"))
    if message.kind == MessageKind.NOTE:
        return gettext("Note by %(name)s", name=name)
    return name


def _side(message: Message) -> str:
    if message.kind == MessageKind.NOTE:
        return "note"
    if message.author == "requester" or message.author.startswith("ticket:"):
        return "theirs"
    return "auto" if message.kind == MessageKind.AUTO else "mine"
