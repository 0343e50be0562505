"""What a form did not offer cannot be chosen by writing it into the request."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from accounts.rules.access import Role
from core.database import db, transaction
from helpdesk.models import Queue, Ticket
from tests.integration.helpdesk.desk import Desk, fresh, queue_id, report
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")


def test_a_citizen_files_with_what_the_form_asks_and_nothing_else(app: Flask) -> None:
    Visitor(app.test_client()).report(
        queue_id="1", queue="1", status="CLOSED", priority="URGENT", channel="PHONE", assignee="1",
        number="T-1", outcome="SPAM", tags="vip", language="xx", follows="1", filed_at="2000-01-01",
    )  # fmt: skip
    (ticket,) = db.session.scalars(select(Ticket))
    assert (ticket.status, ticket.priority, ticket.channel) == ("NEW", "NORMAL", "WEB")
    assert (ticket.assignee_id, ticket.outcome, ticket.follows) == (None, None, None)
    assert (ticket.tags, ticket.language) == ([], "id")
    assert ticket.filed_at.year > 2000


def test_a_ticket_cannot_be_moved_to_a_queue_that_was_shut(app: Flask) -> None:
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    with transaction() as session:
        session.get_one(Queue, queue_id("kesehatan")).active = False
    ticket = report()
    answer = agent.do(ticket, "antrean", queue=str(queue_id("kesehatan")), reason="Bukan kami.")
    assert answer.status_code == 422
    assert fresh(ticket.id).queue_id == queue_id("pengaduan")


def test_a_ticket_cannot_be_given_to_somebody_of_another_queue(app: Flask) -> None:
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    other = Desk(app, "Iman", Role.AGENT, "kesehatan")
    ticket = report()
    for who in (str(other.id), "999999999", "-1", "1e3", "\u0661", "1 OR 1=1"):
        assert agent.do(ticket, "petugas", assignee=who).status_code == 422
    assert fresh(ticket.id).assignee_id is None


def test_an_account_gets_known_roles_only(app: Flask) -> None:
    admin = Desk(app, "Admin", Role.ADMIN)
    admin.client.post(
        "/orang/baru",
        data={
            "csrf_token": admin.token,
            "name": "Baru",
            "email": "baru@kota.example",
            "password": "sebuah kucing oranye di atap",
            "roles": ["AGENT", "ROOT", "agent", ""],
            "active": "0",
            "id": "1",
        },
    )
    made = db.session.scalars(select(User).filter_by(email="baru@kota.example")).one()
    assert made.roles == ["AGENT"]
    assert made.active


def test_nobody_signs_in_as_another_by_naming_them(app: Flask) -> None:
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    ticket = report()
    agent.do(ticket, "jawaban", text="Halo", actor="user:1", author="system", viewer="1")
    page = agent.get(f"/laporan/{ticket.number}").text
    assert "Rani" in page
