"""What people read in their mail: both forms, both languages, and nothing that a stranger typed."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template
from sqlalchemy import select, update

from accounts.rules.access import Role
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.mails import mailbox, mailing
from core.mails.letter import Letter
from core.mails.mail import Refused
from core.mails.mailbox import Mail
from helpdesk import filing, requester, tickets
from helpdesk.lists import presenting
from helpdesk.models import Queue, Ticket
from helpdesk.notifying import digests, letters, notifications, step_letters
from helpdesk.receipts import Receipt
from helpdesk.relations import doubling
from helpdesk.routine import chores, reminders
from helpdesk.rules.vocabulary import TicketClass
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import fresh
from tests.journeys.pages import person

pytestmark = pytest.mark.usefixtures("office", "clock")

FOLDER = Path(__file__).parents[3] / "templates/emails"
HOSTILE = "<b>Siti</b>\r\nBcc: lain@jahat.example"
ADDRESS = "siti@warga.example"
ACTOR = "user:1"


def ask(ticket_id: int) -> None:
    tickets.accept(ticket_id, ACTOR)
    tickets.ask(ticket_id, "Mohon fotonya.", ACTOR)


Act = Callable[[int, MovableClock], Any]
ACTS: dict[str, Act] = {
    "received": lambda t, c: None,
    "answered": lambda t, c: tickets.answer(t, "Sedang kami periksa.", ACTOR),
    "asked": lambda t, c: ask(t),
    "resolved": lambda t, c: (tickets.accept(t, ACTOR), tickets.resolve(t, "Sudah.", ACTOR)),
    "refused": lambda t, c: tickets.refuse(t, "Bukan wewenang kami.", ACTOR),
    "forwarded": lambda t, c: tickets.forward(t, "Kami teruskan ke Dinkes.", ACTOR),
    "duplicated": lambda t, c: doubling.duplicate(t, filing.file(words()).number, ACTOR),
    "reminded": lambda t, c: ask(t),
    "lapsed": lambda t, c: ask(t),
    "later": lambda t, c: (ask(t), c.forward(timedelta(days=9)), requester.write(t, "Ini.")),
}
# What time brings after the act.
TIME: dict[str, tuple[timedelta, Callable[[Any], int]]] = {
    "reminded": (timedelta(days=29), reminders.remind),
    "lapsed": (timedelta(days=40), chores.end_what_is_over),
}
# Those of ladders are read in test_step_letters.
OF_STEPS = set(step_letters.KINDS)
KINDS = sorted(
    {*notifications.TO_REQUESTER.values(), *notifications.MAILED_TO_STAFF.values()} - OF_STEPS
)


def words(language: str = "id") -> filing.Filing:
    return filing.Filing(
        TicketClass.COMPLAINT,
        f"{HOSTILE}\nIzin saya belum terbit.",
        secrets.token_hex(16),
        name=HOSTILE,
        email=ADDRESS,
        language=language,
    )


def filed(language: str = "id") -> Receipt:
    with transaction():
        return filing.file(words(language))


def mails(kind: str) -> list[Mail]:
    for subscriber in outbox.HANDLERS:
        outbox.drain(subscriber)
    return list(db.session.scalars(select(Mail).where(Mail.kind == kind)))


def read(kind: str, ticket_id: int, clock: MovableClock, language: str = "id") -> Letter:
    """The letter of this kind about a ticket, as it is sent."""
    if kind == "breached":
        person("Wulan", "wulan@kota.example", Role.SUPERVISOR)
        db.session.execute(update(letters.User).values(locale=language))
        clock.forward(timedelta(days=40))
        sweeper.sweep(clock.at)
        with transaction() as session:
            session.execute(update(Queue).values(name="<i>Perizinan & Lain</i>"))
    else:
        with transaction():
            ACTS[kind](ticket_id, clock)
        if kind in TIME:
            span, work = TIME[kind]
            clock.forward(span)
            work(clock.at)
    found = mailbox.WRITERS[kind](mails(kind)[0])
    assert found is not None
    return found


def sentences(page: str) -> str:
    """The words of an HTML mail without its marks, its title and its button."""
    body = re.sub(r"<title>.*?</title>|<a [^>]*background[^>]*>.*?</a>", "", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_mailed_kind_says_the_same_as_text_and_as_html(
    app: Flask, clock: MovableClock, kind: str, language: str
) -> None:
    receipt = filed(language)
    letter = read(kind, receipt.ticket_id, clock, language)
    for line in letter.text.splitlines():
        for part in line.strip().split(": "):  # a fact's label and its value stand apart
            assert part in sentences(letter.html), part
    path = f"/laporan/{receipt.number}" if kind == "breached" else "/lacak"
    address = app.config["BASE_URL"] + path
    assert f"\n{address}\n" in letter.text
    assert set(re.findall(r'href="([^"]*)"', letter.html)) == {address}
    assert receipt.number in letter.subject
    assert receipt.number in letter.text
    assert letter.language == language
    assert (language == "en") == ("Please do not answer this mail" in letter.text)


@pytest.mark.parametrize("kind", KINDS)
def test_no_mail_carries_a_code_a_pin_or_words_that_a_stranger_typed(
    clock: MovableClock, kind: str
) -> None:
    receipt = filed()
    letter = read(kind, receipt.ticket_id, clock)
    whole = f"{letter.subject}\n{letter.text}\n{letter.html}"
    for secret in (receipt.code, receipt.pin, "Siti", "jahat", "belum terbit", "fotonya", "Dinkes"):
        assert secret not in whole, secret
    assert "\n" not in letter.subject


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_escaped_and_fetches_nothing(clock: MovableClock, kind: str) -> None:
    page = read(kind, filed().ticket_id, clock).html
    assert not re.search(
        r"<(img|style|script|link|iframe|form)\b|\bsrc=|url\(|@import|\son\w+=", page
    )
    assert "<i>" not in page
    assert ("&lt;i&gt;Perizinan &amp; Lain&lt;/i&gt;" in page) == (kind == "breached")
    assert '<meta name="color-scheme" content="light dark">' in page
    grounds = re.findall(r'style="([^"]*background[^"]*)"', page)
    assert all("color:#ffffff" in style for style in grounds), "a ground brings its own ink"
    inks = re.findall(r'style="([^"]*)"', page)
    assert not [s for s in inks if re.search(r"(?<!-)color:#", s) and "background" not in s]


def test_every_kind_has_both_templates_and_a_writer_and_no_template_is_left_over(
    app: Flask,
) -> None:
    assert set(letters.TO_REQUESTER) | set(letters.TO_STAFF) == set(KINDS)
    assert set(KINDS) <= set(mailbox.WRITERS)
    for ending in ("txt", "html"):
        found = {f.stem for f in FOLDER.glob(f"*.{ending}")} - {"_layout"}
        assert found == {*KINDS, *OF_STEPS, digests.LETTER}, ending


def test_hostile_values_are_escaped_in_the_layout_whatever_they_are(app: Flask) -> None:
    bad = '"><script>alert(1)</script>'
    page = render_template(
        "emails/answered.html", title=bad, number=bad, language="id", address=bad, office=bad,
        facts=[letters.Fact(bad, bad)],
    )  # fmt: skip
    assert "<script" not in page
    assert bad not in page


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
