"""Mails of a kind of their own, ordered and sent in tests over real SMTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import events
from core.clock import MovableClock
from core.database import db, transaction
from core.event_kinds import declare
from core.events import Entry
from core.mails import mailbox, mailing
from core.mails.letter import Letter
from core.mails.mail import SmtpPostman
from core.mails.mailbox import Mail, Order

MAILED = declare("TEST_MAILED")
KIND = "test-mail"
HOUR = timedelta(hours=1)


def words(mail: Mail) -> Letter:
    return Letter(
        to=f"{mail.recipient.replace(':', '')}@warga.example",
        subject="Tentang laporan Anda",
        text="Teks yang panjang: é.\n",
        html="<p>Teks</p>",
        language="id",
        thread=mail.subject,
    )


def at(app: Flask, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setitem(app.extensions, "postman", SmtpPostman(url))


def order(*recipients: str) -> list[int]:
    """Order mails about one event, twice over; returns their ids."""
    with transaction():
        event = Entry(MAILED, "ticket:1", "system", datetime(2026, 11, 24, tzinfo=UTC))
        (event_id,) = events.append([event])
        orders = [Order(event_id, KIND, who, "ticket:1") for who in recipients or ("user:1",)]
        mailbox.post(orders)
        mailbox.post(orders)
    return list(db.session.scalars(select(Mail.id).where(Mail.event_id == event_id)))


def stands(mail_id: int) -> tuple[str, str | None]:
    db.session.expire_all()
    mail = db.session.get_one(Mail, mail_id)
    return mail.state, mail.outcome


def later(app: Flask, clock: MovableClock, span: timedelta = HOUR) -> None:
    """So much later a worker looks again, and the server's rest is over."""
    clock.forward(span)
    app.extensions["postman-rests"].end()
    mailing.send_waiting()
