"""Files as a thread shows them: name, address, size in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from core.database import db
from core.i18n import number_words
from helpdesk.models import Attachment, Message


def of_messages(messages: Sequence[Message]) -> dict[int, list[dict[str, Any]]]:
    """The files of each message, by its id; one statement."""
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
