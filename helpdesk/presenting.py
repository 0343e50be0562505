"""Tickets as components show them: rows of a list, lines of a thread, stations of a journey."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select

from accounts.models import User
from core.canonical import instant
from core.database import db
from core.event_kinds import Visibility
from core.events import Event
from core.i18n import gettext, near_words, short_words
from helpdesk import event_labels, timers
from helpdesk.models import Attachment, Message, Ticket
from helpdesk.rules.vocabulary import MessageKind
from helpdesk.timers import Timed
from helpdesk.worklist import Listed
from sla import tracking

MOST_LINES = 200


def who_filed(name: str | None) -> str:
    return name or gettext("No name given")


def queue_rows(
    tickets: Sequence[Listed], now: datetime, selected: str = ""
) -> list[dict[str, Any]]:
    """Rows of the desk's list; the nearest timer of each ticket stands beside it: one statement."""
    nearest = tracking.nearest([f"ticket:{ticket.id}" for ticket in tickets])
    return [
        {
            "number": ticket.number,
            "title": ticket.title,
            "who": who_filed(ticket.requester_name),
            "chip": nearest_chip(nearest.get(f"ticket:{ticket.id}"), now),
            "meta": short_words(ticket.filed_at, now),
            "url": url_for("desk.ticket", number=ticket.number),
            "selected": ticket.number == selected,
        }
        for ticket in tickets
    ]


def nearest_chip(timer: Timed | None, now: datetime) -> dict[str, Any]:
    """The chip of the timer that is due next; of none, that it stands still."""
    if timer is None:
        return {"state": "paused", "words": gettext("stands still")}
    return timers.chip(timer, now)


def _names(authors: Iterable[str]) -> dict[str, str]:
    ids = {int(a.partition(":")[2]) for a in authors if a.startswith("user:")}
    if not ids:
        return {}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {f"user:{ident}": name for ident, name in rows}


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
    """412 kB, 1,4 MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


def public_lines(ticket: Ticket, now: datetime, after: int = 0) -> list[dict[str, Any]]:
    """The thread as the requester reads it: public lines only, people of the office by name of
    the office."""
    messages = list(
        db.session.scalars(
            select(Message)
            .where(
                Message.ticket_id == ticket.id,
                Message.kind != MessageKind.NOTE.value,
                Message.seq > after,
            )
            .order_by(Message.seq)
            .limit(MOST_LINES)
        )
    )
    files = _files(messages)
    return [
        {
            "who": gettext("You") if m.author == "requester" else gettext("Officer"),
            "when_words": near_words(m.at, now),
            "when_iso": instant(m.at),
            "side": "mine" if m.author == "requester" else "theirs",
            "text": m.body,
            "files": files.get(m.id, []),
            "seq": m.seq,
        }
        for m in messages
    ]


def office_lines(ticket: Ticket, now: datetime, after: int = 0) -> list[dict[str, Any]]:
    """The thread as the office reads it, notes too; `seq` is the message's id here, since notes
    have no number of their own."""
    messages = list(
        db.session.scalars(
            select(Message)
            .where(Message.ticket_id == ticket.id, Message.id > after)
            .order_by(Message.id)
            .limit(MOST_LINES)
        )
    )
    names, files = _names(m.author for m in messages), _files(messages)
    filed_by = who_filed(ticket.requester_name)
    return [
        {
            "who": _author(m, names, filed_by),
            "when_words": near_words(m.at, now),
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
    name = names.get(message.author, gettext("System"))
    if message.kind == MessageKind.NOTE:
        return gettext("Note by %(name)s", name=name)
    return name


def _side(message: Message) -> str:
    if message.kind == MessageKind.NOTE:
        return "note"
    if message.author == "requester":
        return "theirs"
    return "auto" if message.kind == MessageKind.AUTO else "mine"


def _events(ticket: Ticket, public: bool) -> list[Event]:
    wanted = select(Event).where(Event.subject == ticket.ref)
    if public:
        wanted = wanted.where(Event.visibility == Visibility.PUBLIC.value)
    return list(db.session.scalars(wanted.order_by(Event.id.desc()).limit(50)))


def journey(ticket: Ticket, now: datetime) -> list[dict[str, Any]]:
    """What happened, newest first, in the citizen's words."""
    told = [(e, event_labels.for_citizen(e)) for e in _events(ticket, public=True)]
    return _stations([(e, words) for e, words in told if words], now)


def history(ticket: Ticket, now: datetime) -> list[dict[str, Any]]:
    """What happened, newest first, in the office's words."""
    found = _events(ticket, public=False)
    names = _names(e.actor for e in found)
    told = [(e, event_labels.for_office(e, names)) for e in found]
    return _stations([(e, words) for e, words in told if words], now)


def _stations(told: list[tuple[Event, str]], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "title": words,
            "when_words": near_words(event.at, now),
            "when_iso": instant(event.at),
            "tone": event_labels.tone(event.kind),
            "now": n == 0,
        }
        for n, (event, words) in enumerate(told)
    ]
