"""Files of a message: written before the row commits, taken away if it does not."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import event

from core.database import db
from core.errors import Invalid
from core.files import Cleaned, Store
from core.i18n import gettext
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
        _drop_on_rollback(name)
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


def _drop_on_rollback(name: str) -> None:
    files = store()
    session = db.session()

    @event.listens_for(session, "after_rollback", once=True)
    def drop(_: object) -> None:
        if name not in session.info.setdefault("files_kept", set()):
            files.drop(name)

    @event.listens_for(session, "after_commit", once=True)
    def kept(_: object) -> None:
        session.info.setdefault("files_kept", set()).add(name)
