"""Files that no row names, and rows whose file is gone (quality, I6: each has the other).

A file is written before its row commits. Whoever is killed in between, or never hears how the
commit ended, leaves the file; so what is older than a day and that no row names is set aside, and
dropped a month later. It is not dropped at once: a database that was given by mistake, or put back
from a backup, names none of the files.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from core.database import db
from helpdesk.conversations.attachments import store
from helpdesk.models import Attachment

log = logging.getLogger(__name__)

EVERY = 60.0  # seconds, for one of the folders; all of them in some four hours
YOUNG = timedelta(days=1)
ASIDE = timedelta(days=30)
FOLDERS = 256
BATCH = 1000


def tidy(now: datetime) -> int:
    """A chore of the sweeper, for one of the folders; returns how many files were set aside."""
    names = store().older_than(_folder(now), now - YOUNG)
    unnamed = names - _named(names)
    for name in sorted(unnamed):
        store().set_aside(name, now)
    if unnamed:
        log.warning("%s files that no row names were set aside", len(unnamed))
    store().drop_set_aside(now - ASIDE)
    return len(unnamed)


def _folder(now: datetime) -> str:
    """Whose turn it is: the two first signs of a name."""
    return f"{int(now.timestamp() // EVERY) % FOLDERS:02x}"


def _named(names: set[str]) -> set[str]:
    found = db.session.scalars(select(Attachment.stored).where(Attachment.stored.in_(names))).all()
    db.session.rollback()
    return set(found)


def missing() -> Iterator[int]:
    """Ids of rows whose file is not there."""
    last = 0
    while rows := db.session.execute(
        select(Attachment.id, Attachment.stored)
        .where(Attachment.id > last)
        .order_by(Attachment.id)
        .limit(BATCH)
    ).all():
        last = rows[-1].id
        yield from (row.id for row in rows if not store().path(row.stored).is_file())
