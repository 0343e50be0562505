"""Mails that did not arrive: refused for good, or given up after days. Nothing commits here."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core import clock, events
from core.aside.kinds import LETTER_GIVEN_UP, LETTER_TRIED_AGAIN, SUBJECT
from core.database import db, on_commit
from core.errors import NotFound
from core.event_kinds import Kind
from core.events import Entry
from core.i18n import gettext
from core.mails.mailbox import Mail

LOST = ("REFUSED", "GAVE_UP")


def newest(most: int, before: int | None = None) -> Sequence[Mail]:
    """The latest first, before one of them."""
    asked = select(Mail).where(Mail.state.in_(LOST))
    if before is not None:
        asked = asked.where(Mail.id < before)
    return db.session.scalars(asked.order_by(Mail.id.desc()).limit(most)).all()


def try_again(mail_id: int, actor: str) -> None:
    """Send it once more, under its own id, with days to try as at first. Raises NotFound."""
    from core.mails.mailing import wake

    mail = _lock(mail_id)
    mail.state, mail.tries, mail.outcome = "WAITING", 0, None
    mail.posted_at = mail.send_at = clock.now()
    _say(LETTER_TRIED_AGAIN, mail, actor)
    on_commit(wake)


def give_up(mail_id: int, actor: str) -> None:
    """Somebody knows of it, and it is listed no more. Raises NotFound."""
    mail = _lock(mail_id)
    mail.state = "LEFT"
    _say(LETTER_GIVEN_UP, mail, actor)


def _lock(mail_id: int) -> Mail:
    asked = select(Mail).where(Mail.id == mail_id, Mail.state.in_(LOST)).with_for_update()
    found = db.session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(gettext("This is not waiting here any more."))
    return found


def _say(kind: Kind, mail: Mail, actor: str) -> None:
    events.append([Entry(kind, SUBJECT, actor, clock.now(), {"mail": f"mail:{mail.id}"})])
