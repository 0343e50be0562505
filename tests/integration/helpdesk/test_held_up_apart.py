"""What is held up of a report kept apart tells an administrator neither its number nor its life."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.aside.setting import set_aside
from core.database import db, transaction
from core.events import Event
from helpdesk.models import Ticket
from tests.integration.helpdesk.desk import Desk, report

pytestmark = pytest.mark.usefixtures("office")


def held(one: Ticket) -> None:
    asked = select(Event.id).where(Event.subject == one.ref, Event.kind == "TICKET_FILED")
    with transaction():
        set_aside("notify", db.session.scalars(asked).one(), "RuntimeError", "a.py:1")


def test_a_report_past_the_units_is_held_up_without_its_number(app: Flask) -> None:
    secret, confidential, plain = report("pungli"), report(), report()
    with transaction():
        db.session.get_one(Ticket, confidential.id).confidential = True
    for one in (secret, confidential, plain):
        held(one)
    page = Desk(app, "Agus", Role.ADMIN).get("/pengaturan/tertahan").text
    assert plain.number in page
    assert secret.number not in page and confidential.number not in page
    assert page.count("setelah: ") == 1
    assert "laporan yang ditangani terpisah" in page
