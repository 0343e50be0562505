"""Mails of every kind, each brought about by the act or the time that sends it."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from accounts.rules.access import Role
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.mails import mailbox
from core.mails.letter import Letter
from core.mails.mailbox import Mail
from helpdesk import filing, requester, tickets
from helpdesk.models import Queue
from helpdesk.notifying import letters, notifications, step_letters
from helpdesk.receipts import Receipt
from helpdesk.relations import doubling
from helpdesk.routine import chores, reminders
from helpdesk.rules.vocabulary import TicketClass
from sla.sweeps import sweeper
from tests.journeys.pages import person

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
