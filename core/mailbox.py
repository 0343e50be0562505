"""The outbox of mails: a row first, sent afterwards, at least once and under a stable id.

A row names whom and what by ref and kind; words and addresses are put together when it is sent,
so nothing personal waits here.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from flask import current_app
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, jobs
from core.database import Base, db, on_commit, transaction

log = logging.getLogger(__name__)

BATCH = 50
TRIES = 12


class Mail(Base):
    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("event_id", "recipient", "kind"),
        Index("ix_mails_waiting", "send_at", postgresql_where=text("state = 'WAITING'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("events.id"))
    kind: Mapped[str]
    recipient: Mapped[str]  # "user:3" or "ticket:12" (its requester)
    subject: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="WAITING")  # WAITING SENT UNKNOWN DROPPED
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    send_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail put into words: where to, what about, and its plain text."""

    to: str
    subject: str
    body: str


# kind -> puts a row into words, or None if there is nobody to write to any more.
WRITERS: dict[str, Callable[[Mail], Letter | None]] = {}


@dataclass(frozen=True, slots=True)
class Order:
    event_id: int
    kind: str
    recipient: str
    subject: str


def post(orders: Sequence[Order]) -> None:
    """Queue mails in the open transaction; a second order of the same kind for the same event
    and person changes nothing."""
    if not orders:
        return
    at = clock.now()
    rows = [
        {
            "event_id": o.event_id,
            "kind": o.kind,
            "recipient": o.recipient,
            "subject": o.subject,
            "send_at": at,
        }
        for o in orders
    ]
    db.session.execute(upsert(Mail).on_conflict_do_nothing(), rows)
    on_commit(lambda: void(jobs.enqueue(send_waiting, once="mails")))


def void(_: object) -> None:
    """Say on purpose that an answer does not matter."""


_TAKE = text(
    """
    UPDATE mails SET tries = tries + 1,
        send_at = :now + make_interval(secs => least(3600, 30 * power(2, tries)))
    WHERE id IN (
        SELECT id FROM mails WHERE state = 'WAITING' AND send_at <= :now
        ORDER BY send_at LIMIT :batch FOR UPDATE SKIP LOCKED)
    RETURNING id
    """
)


@jobs.job
def send_waiting() -> None:
    """Send what waits; each mail's end is stored by itself, so none is sent again for another's
    sake."""
    jobs.begun("mails")
    while True:
        with transaction() as session:
            ids = list(session.execute(_TAKE, {"now": clock.now(), "batch": BATCH}).scalars())
        if not ids:
            return
        for mail_id in sorted(ids):
            with transaction() as session:
                mail = session.get_one(Mail, mail_id, with_for_update=True)
                if mail.state == "WAITING":
                    _send(mail)


def _send(mail: Mail) -> None:
    letter = WRITERS[mail.kind](mail) if mail.kind in WRITERS else None
    if letter is None:
        mail.state = "DROPPED"
        return
    settings = current_app.config
    message = EmailMessage()
    message["Message-ID"] = f"<mail-{mail.id}-{mail.event_id}@{settings['MAIL_DOMAIN']}>"
    message["From"] = settings["MAIL_FROM"]
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    try:
        current_app.extensions["postman"].send(message)
    except smtplib.SMTPServerDisconnected:
        # It may or may not have arrived, and saying so is better than sending for ever.
        mail.state = "UNKNOWN" if mail.tries >= TRIES else "WAITING"
        log.warning("mail %s: the server hung up", mail.id)
    except (OSError, smtplib.SMTPException) as error:
        mail.state = "DROPPED" if mail.tries >= TRIES else "WAITING"
        log.warning("mail %s was not sent: %s", mail.id, type(error).__name__)
    else:
        mail.state, mail.sent_at = "SENT", clock.now()


def overdue(now: datetime) -> int:
    """A chore: ask for a sender while mails wait whose moment has come."""
    waiting = db.session.execute(
        text(
            "SELECT count(*) FROM (SELECT 1 FROM mails WHERE state = 'WAITING' "
            "AND send_at <= :now LIMIT 1) w"
        ),
        {"now": now},
    ).scalar_one()
    if waiting:
        jobs.enqueue(send_waiting, once="mails")
    return int(waiting)
