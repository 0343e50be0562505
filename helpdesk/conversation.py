"""The lines of a conversation as the citizen and the office read them.

A page shows the newest lines. Earlier ones are found by the key of the first that is shown, later
ones by the key of the last, so a thread of thousands costs what one of twenty does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import BigInteger, ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from accounts.directory import names_of
from core.canonical import instant
from core.database import db
from core.events import Event
from core.i18n import compact_words, gettext, near_words, number_words
from helpdesk import kinds
from helpdesk.models import Attachment, Message, Ticket
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
    messages, earlier = _back(_public(ticket), Message.seq, before)
    return Window(_told(messages, now), earlier, before is None)


def for_citizen_after(ticket: Ticket, now: datetime, after: int) -> list[dict[str, Any]]:
    """What came after a line."""
    return _told(_forth(_public(ticket), Message.seq, after), now)


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


def _public(ticket: Ticket) -> Criteria:
    return [
        Message.ticket_id == ticket.id,
        Message.kind != MessageKind.NOTE.value,
        Message.author.not_like("ticket:%"),  # another requester's, merged into this one
    ]


def who_filed(name: str | None) -> str:
    """The requester by name, or that none was given."""
    return name or gettext("No name given")


def _back(criteria: Criteria, key: Key, before: int | None) -> tuple[list[Message], int | None]:
    """The last page of lines before a key, and the key for those before them."""
    wanted = select(Message).where(*criteria)
    if before is not None:
        wanted = wanted.where(key < before)
    found = list(db.session.scalars(wanted.order_by(key.desc()).limit(PAGE + 1)))
    shown = found[:PAGE][::-1]
    return shown, (getattr(shown[0], key.key) if len(found) > PAGE else None)


def _forth(criteria: Criteria, key: Key, after: int) -> list[Message]:
    wanted = select(Message).where(*criteria, key > after)
    return list(db.session.scalars(wanted.order_by(key).limit(CAUGHT_UP)))


def _files(messages: Sequence[Message]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    ids = [message.id for message in messages]
    rows = db.session.scalars(
        select(Attachment).where(Attachment.message_id.in_(ids)).order_by(Attachment.id)
    )
    for row in rows:
        found.setdefault(row.message_id, []).append(
            {
                "name": row.name,
                "url": url_for("files.download", attachment_id=row.id),
                "size_words": size_words(row.size),
            }
        )
    return found


def size_words(size: int) -> str:
    """412 kB, 1,4 MB; 1.4 MB in English."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{number_words(size / 1_000_000)} MB"


def _told(messages: Sequence[Message], now: datetime) -> list[dict[str, Any]]:
    """Public lines, people of the office by the name of the office."""
    files = _files(messages)
    return [
        {
            "who": gettext("You") if m.author == "requester" else gettext("Officer"),
            "when_words": near_words(m.at, now),
            "when_iso": instant(m.at),
            "side": _public_side(m),
            "text": m.body,
            "files": files.get(m.id, []),
            "seq": m.seq,
        }
        for m in messages
    ]


def _public_side(message: Message) -> str:
    if message.kind == MessageKind.AUTO:
        return "auto"
    return "mine" if message.author == "requester" else "theirs"


def _told_office(
    ticket: Ticket, messages: Sequence[Message], now: datetime
) -> list[dict[str, Any]]:
    names, files = names_of(m.author for m in messages), _files(messages)
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
