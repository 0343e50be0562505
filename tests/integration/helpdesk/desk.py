"""An office with people at their desks, and reports to work on."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from accounts.rules.access import Role
from core.database import db, transaction
from helpdesk import filing
from helpdesk.models import Category, Message, Queue, Ticket
from helpdesk.rules.vocabulary import TicketClass
from tests.journeys.pages import Visitor, person

WORDS = "Izin saya belum terbit."


def report(category: str | None = None, body: str = WORDS) -> Ticket:
    """A complaint that somebody filed just now."""
    with transaction():
        chosen = db.session.scalar(select(Category.id).filter_by(key=category))
        one = filing.Filing(TicketClass.COMPLAINT, body, uuid.uuid4().hex, category_id=chosen)
        receipt = filing.file(one)
    return fresh(receipt.ticket_id)


def fresh(ticket_id: int) -> Ticket:
    """The ticket as it stands in the database now."""
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket_id)


def queue_id(key: str) -> int:
    return int(db.session.scalars(select(Queue.id).filter_by(key=key)).one())


def bodies(ticket: Ticket, kind: str) -> list[str]:
    """What stands in the thread of this kind of line, oldest first."""
    found = select(Message.body).where(Message.ticket_id == ticket.id, Message.kind == kind)
    return list(db.session.scalars(found.order_by(Message.id)))


def messages(ticket: Ticket) -> int:
    counted = select(func.count()).where(Message.ticket_id == ticket.id)
    return int(db.session.execute(counted).scalar_one())


class Desk(Visitor):
    """Somebody of the office, signed in."""

    def __init__(self, app: Flask, name: str, role: Role, *queues: str) -> None:
        super().__init__(app.test_client())
        email = f"{name.lower()}@kota.example"
        self.id = person(name, email, role, *queues)
        self.sign_in(email)
        self.token = self.hidden("/akun")["csrf_token"]

    def do(self, ticket: Ticket, act: str, **fields: Any) -> TestResponse:
        """Send an act's form as it stands on the ticket's page."""
        path = f"/laporan/{ticket.number}"
        data = {"csrf_token": self.token, "key": uuid.uuid4().hex, **fields}
        return self.client.post(f"{path}/{act}", data=data)

    def newer(self, view: str, since: str | int) -> int:
        """How many came into a view since."""
        answer = self.get(f"/antrean/baru?antrean={view}&sejak={since}").get_json()
        return int(answer["count"])
