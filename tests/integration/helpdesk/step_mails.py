"""Steps that come, and the mails about them."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from sqlalchemy import select

from core import outbox
from core.clock import MovableClock
from core.database import db
from core.mails.letter import Letter
from core.mails.mailbox import WRITERS, Mail
from helpdesk.models import Ticket
from sla.sweeps import sweeper
from tests.integration.helpdesk.test_steps_of_ladders import first_due, step

WARN = step("75", {"do": "notify", "to": "SUPERVISOR"})


def work(clock: MovableClock, ticket: Ticket, after: timedelta = timedelta(minutes=-1)) -> None:
    """What is done until a while before (or after) the first answer is due."""
    clock.move_to(first_due(ticket) + after)
    sweeper.sweep()
    for _ in range(3):
        for subscriber in outbox.HANDLERS:
            outbox.drain(subscriber)


def mails(user_id: int) -> list[Mail]:
    found = select(Mail).where(Mail.recipient == f"user:{user_id}").order_by(Mail.id)
    return list(db.session.scalars(found))


def written(mail: Mail) -> Letter:
    letter = WRITERS[mail.kind](mail)
    assert letter is not None
    return letter


def words_of(page: str) -> str:
    body = re.sub(r"<title>.*?</title>|<a [^>]*background[^>]*>.*?</a>", "", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
