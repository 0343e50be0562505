"""What single letters say, and to whom none is sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from core.clock import MovableClock
from core.database import db, transaction
from core.mails import mailbox, mailing
from core.mails.mail import Refused
from core.mails.mailbox import Mail
from helpdesk import requester, tickets
from helpdesk.lists import presenting
from helpdesk.models import Ticket
from helpdesk.notifying import letters
from helpdesk.routine import chores
from tests.integration.helpdesk.desk import fresh
from tests.integration.helpdesk.mailed import ACTOR, filed, mails, read

pytestmark = pytest.mark.usefixtures("office", "clock")


def test_the_receipt_by_mail_says_both_promises_as_whole_dates(clock: MovableClock) -> None:
    text = read("received", filed().ticket_id, clock).text
    assert "Dijawab petugas paling lambat: Rabu, 25 November 2026 pukul 09.00" in text
    assert re.search(r"Selesai paling lambat: \w+, \d+ Desember 2026 pukul \d\d\.\d\d", text)
    assert "hari ini" not in text, "it may be read tomorrow"


def test_a_question_by_mail_says_until_when_to_reply_and_promises_nothing_meanwhile(
    clock: MovableClock,
) -> None:
    receipt = filed()
    text = read("asked", receipt.ticket_id, clock).text
    assert "Mohon balas sebelum: " in text
    assert "paling lambat" not in text


def test_a_reminder_says_until_when_and_is_dropped_once_the_reply_is_there(
    clock: MovableClock,
) -> None:
    ticket_id = filed().ticket_id
    assert "Mohon balas sebelum: Jumat, 25 Desember 2026" in read("reminded", ticket_id, clock).text
    with transaction():
        requester.write(ticket_id, "Ini fotonya.")
    assert mailbox.WRITERS["reminded"](mails("reminded")[0]) is None


def test_what_is_closed_after_its_settlement_or_as_spam_or_by_the_citizen_is_not_mailed(
    clock: MovableClock,
) -> None:
    settled, spam, own = (filed().ticket_id for _ in range(3))
    with transaction():
        tickets.refuse(settled, "Bukan wewenang kami.", ACTOR)
        tickets.spam(spam, ACTOR)
        requester.withdraw(own)
    clock.forward(timedelta(days=12))
    assert chores.end_what_is_over(clock.at) == 1
    mails("received")
    kinds = list(db.session.execute(select(Mail.subject, Mail.kind).order_by(Mail.id)))
    assert sorted(kinds) == sorted(
        [(f"ticket:{t}", "received") for t in (settled, spam, own)]
        + [(f"ticket:{settled}", "refused")]
    )
    told = [one["title"] for one in presenting.journey(fresh(spam), clock.at)]
    assert told[0] == "Ditutup: kami tidak melihat laporan di dalamnya"


def test_a_person_who_works_here_no_more_is_not_written_to(clock: MovableClock) -> None:
    filed()
    read("breached", 0, clock)
    db.session.execute(update(letters.User).values(roles=[]))
    db.session.expire_all()
    assert mailbox.WRITERS["breached"](mails("breached")[0]) is None


def test_a_citizen_whose_mail_is_refused_is_called_instead(
    app: Flask, monkeypatch: pytest.MonkeyPatch, clock: MovableClock
) -> None:
    class Refusing:
        def send(self, mail: object) -> None:
            raise Refused("550")

    monkeypatch.setitem(app.extensions, "postman", Refusing())
    ticket = fresh(filed().ticket_id)
    mails("received")
    mailing.send_waiting()
    words = [
        one["title"] for one in presenting.history(presenting.whole_log(fresh(ticket.id)), clock.at)
    ]
    assert words[0] == "E-mail tidak sampai, tolong hubungi lewat telepon (jawaban: 550)"
    assert "E-mail" not in str(presenting.journey(fresh(ticket.id), clock.at))
    assert db.session.get_one(Ticket, ticket.id).status == "NEW"
