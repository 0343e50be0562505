"""A form that comes again under the same key has one effect; other words under it are not lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.rules.access import Role
from core.database import db
from helpdesk.models import Ticket
from tests.integration.helpdesk.desk import Desk, bodies, report
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")

ALREADY = "Formulir ini sudah terkirim"
FIRST, OTHER = "Izin saya belum terbit.", "Izin saya keliru namanya."


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def test_a_report_with_other_words_under_a_used_key_is_offered_again(app: Flask) -> None:
    citizen = Visitor(app.test_client())
    form = {**citizen.hidden("/lapor"), "klass": "COMPLAINT", "text": FIRST}
    assert citizen.client.post("/lapor", data=form).status_code == 303
    assert citizen.client.post("/lapor", data=form).status_code == 303
    changed = {**form, "text": OTHER}
    answer = citizen.client.post("/lapor", data=changed)
    assert answer.status_code == 422
    assert ALREADY in answer.text and OTHER in answer.text
    changed["key"] = key_in(answer.text)
    assert citizen.client.post("/lapor", data=changed).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 2


def test_a_message_with_other_words_under_a_used_key_is_offered_again(app: Flask) -> None:
    citizen = Visitor(app.test_client())
    citizen.report(FIRST)
    ticket = db.session.scalars(select(Ticket)).one()
    form = {**citizen.hidden("/laporan-saya"), "text": "Ada kabar?"}
    for _ in range(2):
        assert citizen.client.post("/laporan-saya/pesan", data=form).status_code == 303
    form["text"] = OTHER
    answer = citizen.client.post("/laporan-saya/pesan", data=form)
    assert answer.status_code == 422
    assert ALREADY in answer.text and OTHER in answer.text
    form["key"] = key_in(answer.text)
    assert citizen.client.post("/laporan-saya/pesan", data=form).status_code == 303
    assert bodies(ticket, "PUBLIC") == [FIRST, "Ada kabar?", OTHER]


def test_an_answer_under_the_key_of_a_note_is_offered_again(app: Flask) -> None:
    agent, ticket = Desk(app, "Rani", Role.AGENT, "pengaduan"), report()
    agent.do(ticket, "catatan", text="Sudah ditelepon.", key="k" * 20)
    answer = agent.do(ticket, "jawaban", text=OTHER, key="k" * 20)
    assert answer.status_code == 422
    assert ALREADY in answer.text and OTHER in answer.text
    assert key_in(answer.text) != "k" * 20
    assert agent.do(ticket, "jawaban", text=OTHER).status_code == 303
    assert OTHER in bodies(ticket, "PUBLIC")


def test_send_and_then_send_and_settle_with_the_same_words_never_claims_a_settlement(
    app: Flask,
) -> None:
    agent, ticket = Desk(app, "Rani", Role.AGENT, "pengaduan"), report()
    form = {**agent.hidden(f"/laporan/{ticket.number}"), "text": "Sudah selesai."}
    sent = agent.client.post(f"/laporan/{ticket.number}/jawaban", data=form)
    assert sent.status_code == 303
    again = agent.client.post(f"/laporan/{ticket.number}/penyelesaian", data=form)
    assert again.status_code == 422
    assert ALREADY in again.text and "Sudah selesai." in again.text
    form["key"] = key_in(again.text)
    settled = agent.client.post(f"/laporan/{ticket.number}/penyelesaian", data=form)
    assert settled.status_code == 303
    assert bodies(ticket, "PUBLIC") == [FIRST, "Sudah selesai.", "Sudah selesai."]
