"""The thread of a ticket: public lines numbered without gaps, notes beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select

from core.database import db
from core.errors import Invalid
from core.i18n import gettext
from helpdesk.conversations.attachments import Upload, keep
from helpdesk.models import Message
from helpdesk.moments import Moment
from helpdesk.rules.vocabulary import MessageKind

LONGEST = 10_000


def clean(body: str, field: str = "body") -> str:
    """What a person wrote, trimmed; Invalid if it is empty, too long or not text."""
    words = body.replace("\r\n", "\n").strip()
    if not any(c.isprintable() and not c.isspace() or c == "\0" for c in words):
        # Signs that nobody sees (a space without width) would make a title that nobody can press.
        raise Invalid(fields={field: gettext("Please write something first.")})
    if len(words) > LONGEST:
        raise Invalid(
            fields={
                field: gettext(
                    "This is longer than %(most)d letters (it has %(has)d). Please shorten it.",
                    most=LONGEST,
                    has=len(words),
                )
            }
        )
    if "\0" in words:
        raise Invalid(fields={field: gettext("This contains a sign that cannot be stored.")})
    return words


def hashed(key: str | None) -> bytes | None:
    """What is kept of a client's key for a message or a filing."""
    return hashlib.sha256(key.encode()).digest() if key else None


class SentBefore(Invalid):
    """A form's key came again with other words. They need a key of their own, or they were lost."""

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "This form was sent already, with other words. If these are to be sent too, "
                "please send them once more."
            )
        )


def said_before(ticket_id: int, key: str | None, kind: MessageKind, body: str) -> Message | None:
    """The message that this client key already made, if any: a retry has at most one effect.
    Raises SentBefore if that one says something else."""
    if not key:
        return None
    found = db.session.scalars(
        select(Message).where(Message.ticket_id == ticket_id, Message.client_key == hashed(key))
    ).one_or_none()
    if found is not None and (found.kind, found.body) != (kind.value, clean(body)):
        raise SentBefore
    return found


def add(
    moment: Moment,
    kind: MessageKind,
    author: str,
    body: str,
    *,
    client_key: str | None = None,
    uploads: Sequence[Upload] = (),
) -> Message:
    """Append a line to the thread of a locked ticket."""
    ticket = moment.ticket
    seq = None
    if kind is not MessageKind.NOTE:
        ticket.last_seq += 1
        seq = ticket.last_seq
    message = Message(
        ticket_id=ticket.id,
        seq=seq,
        kind=kind.value,
        author=author,
        body=clean(body),
        at=moment.at,
        client_key=hashed(client_key),
    )
    db.session.add(message)
    db.session.flush()
    keep(message, uploads)
    return message
