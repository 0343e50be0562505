"""Files as a thread shows them: name, address, size in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import ARRAY, BigInteger, any_, bindparam, select

from core.database import db
from core.i18n import number_words
from helpdesk.models import Attachment, Message

_OF = (
    select(Attachment.id, Attachment.message_id, Attachment.name, Attachment.size)
    .where(Attachment.message_id == any_(bindparam("messages", type_=ARRAY(BigInteger))))
    .order_by(Attachment.id)
)


def of_messages(messages: Sequence[Message]) -> dict[int, list[dict[str, Any]]]:
    """The files of each message, by its id; one statement."""
    found: dict[int, list[dict[str, Any]]] = {}
    ids = [message.id for message in messages]
    for row in db.session.execute(_OF, {"messages": ids}):
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
