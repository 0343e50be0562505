"""Files of a message: written before the row commits, taken away if it does not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import current_app

from core.database import db, on_rollback
from core.errors import Invalid
from core.i18n import gettext
from core.uploads.files import Cleaned, Store
from helpdesk.models import Attachment, Message

Upload = Cleaned
MOST = 5


def store() -> Store:
    found: Store = current_app.extensions["files"]
    return found


def keep(message: Message, uploads: Sequence[Upload]) -> None:
    """Store checked files with a message in the open transaction."""
    if len(uploads) > MOST:
        raise Invalid(
            fields={"files": gettext("Please send at most %(most)d files at once.", most=MOST)}
        )
    for upload in uploads:
        name = store().put(upload.body)
        on_rollback(partial(store().drop, name))
        db.session.add(
            Attachment(
                ticket_id=message.ticket_id,
                message_id=message.id,
                name=upload.name,
                kind=upload.kind,
                size=len(upload.body),
                stored=name,
                at=message.at,
            )
        )
