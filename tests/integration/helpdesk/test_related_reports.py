"""What belongs together is seen together: follow-ups, duplicates, and the question that waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import changes, tickets
from helpdesk.models import Ticket
from helpdesk.relations import doubling
from helpdesk.routine import chores
from helpdesk.rules.lifecycle import Outcome, Status
from sla.models import TimerRow
from tests.integration.helpdesk.desk import Desk, fresh, queue_id, report
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office", "clock")

ACTOR = "user:1"


@pytest.fixture
def agent(app: Flask) -> Desk:
    return Desk(app, "Rani", Role.AGENT, "pengaduan")


@pytest.fixture
def citizen(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def filed(citizen: Visitor) -> Ticket:
    citizen.report()
    return db.session.scalars(select(Ticket).where(Ticket.number == citizen.number())).one()


def test_a_report_and_the_one_that_it_goes_on_in_name_each_other(
    agent: Desk, citizen: Visitor, clock: MovableClock
) -> None:
    old = filed(citizen)
    code, pin = citizen.code_and_pin()
    with transaction():
        tickets.accept(old.id, ACTOR)
        tickets.resolve(old.id, "Sudah terbit.", ACTOR)
    clock.forward(timedelta(days=12))
    chores.end_what_is_over(clock.at)
    citizen.come_back(code, pin)
    citizen.send("/laporan-saya", "/laporan-saya/pesan", text="Izinnya keliru.")
    new = db.session.scalars(select(Ticket).where(Ticket.follows == old.id)).one()
    agent.sign_in("rani@kota.example")
    assert f'href="/laporan/{old.number}">{old.number}' in agent.get(f"/laporan/{new.number}").text
    assert f'href="/laporan/{new.number}">{new.number}' in agent.get(f"/laporan/{old.number}").text


def test_a_duplicate_names_the_other_only_to_whoever_reads_it(agent: Desk) -> None:
    ticket, other = report(), report()
    with transaction():
        doubling.duplicate(ticket.id, other.number, ACTOR)
    assert other.number in agent.get(f"/laporan/{ticket.number}").text
    with transaction():
        changes.move(other.id, queue_id("inspektorat"), "Pungli.", ACTOR)
    assert other.number not in agent.get(f"/laporan/{ticket.number}").text


def test_what_is_needed_from_the_citizen_is_the_question_and_no_later_answer(
    citizen: Visitor,
) -> None:
    ticket = filed(citizen)
    with transaction():
        tickets.accept(ticket.id, ACTOR)
        tickets.ask(ticket.id, "Mohon kirim foto KTP.", ACTOR)
    with transaction():
        tickets.answer(ticket.id, "Berkas lain sudah kami terima.", ACTOR)
    page = citizen.get("/laporan-saya").text
    needed = page.partition('class="words"')[2].partition("</p>")[0]
    assert "Mohon kirim foto KTP." in needed


def test_a_citizen_takes_a_report_back_and_nobody_owes_anything_any_more(
    citizen: Visitor,
) -> None:
    ticket = filed(citizen)
    answer = citizen.send("/laporan-saya", "/laporan-saya/pencabutan")
    assert answer.status_code == 303
    ticket = fresh(ticket.id)
    assert (ticket.status, ticket.outcome) == (Status.CLOSED, Outcome.WITHDRAWN)
    readings = select(TimerRow.reading).where(TimerRow.subject == ticket.ref)
    assert set(db.session.scalars(readings)) == {"VOID"}
    page = citizen.get("/laporan-saya").text
    assert "/laporan-saya/pencabutan" not in page
    assert "Sudah kami baca" not in page
    assert "Laporan ini sudah ditutup; tidak ada tanggal yang ditunggu." in page
    again = citizen.send("/laporan-saya", "/laporan-saya/pencabutan")
    assert again.status_code == 409
