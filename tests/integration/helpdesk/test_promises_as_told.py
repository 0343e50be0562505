"""What a citizen was promised: never earlier than told, and a later date is told."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from core.mails.mailbox import Mail
from helpdesk import changes, tickets
from helpdesk.models import Ticket
from helpdesk.rules.vocabulary import Priority, TicketClass
from sla.models import TimerRow
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import fresh
from tests.journeys.pages import Visitor, person

pytestmark = pytest.mark.usefixtures("office", "clock")

MISSED = "Janji ini tidak kami tepati"
ACTOR = "user:1"


@pytest.fixture
def citizen(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def filed(citizen: Visitor, klass: str = "COMPLAINT") -> Ticket:
    assert citizen.report(klass=klass, email="siti@warga.example").status_code == 303
    return db.session.scalars(select(Ticket).where(Ticket.number == citizen.number())).one()


def answered(ticket: Ticket) -> None:
    with transaction():
        tickets.accept(ticket.id, ACTOR)
        tickets.answer(ticket.id, "Sedang kami periksa.", ACTOR)


def timer(ticket: Ticket, metric: str = "RESOLUTION") -> TimerRow:
    db.session.expire_all()
    wanted = select(TimerRow).where(TimerRow.subject == ticket.ref, TimerRow.metric == metric)
    return db.session.scalars(wanted).one()


def as_class(ticket: Ticket, wanted: TicketClass) -> None:
    with transaction():
        changes.classify(ticket.id, wanted, None, ACTOR, "Perlu pemeriksaan.")


def told() -> list[str]:
    outbox.drain("notify")
    return list(db.session.scalars(select(Mail.kind).order_by(Mail.id)))


def later(ticket: Ticket) -> list[Event]:
    """What was told of the settlement."""
    found = select(Event).where(Event.subject == ticket.ref, Event.kind == "PROMISE_LATER")
    found = found.where(Event.data["metric"].astext == "RESOLUTION")
    return list(db.session.scalars(found.order_by(Event.id)))


def page(citizen: Visitor, kept: tuple[str, str]) -> str:
    citizen.come_back(*kept)
    return html.unescape(re.sub(r"<[^>]+>", "", citizen.get("/laporan-saya").text))


def test_a_date_that_became_earlier_inside_does_not_become_so_for_the_citizen(
    citizen: Visitor, clock: MovableClock
) -> None:
    ticket = filed(citizen)
    kept = citizen.code_and_pin()
    answered(ticket)
    before = timer(ticket).due_at
    as_class(ticket, TicketClass.INFORMATION)
    row = timer(ticket)
    due, promised = row.due_at, row.promised_at
    assert due is not None and promised is not None and before is not None
    assert due < promised == before
    told_day = "Senin 14 Desember"
    assert promised.astimezone().date() == datetime(2026, 12, 14).date()
    assert told_day in page(citizen, kept)
    assert "Selasa 1 Desember" not in page(citizen, kept)

    clock.move_to(due + timedelta(hours=20))
    sweeper.sweep()
    assert timer(ticket).breached_at == due
    shown = page(citizen, kept)
    assert told_day in shown
    assert MISSED not in shown
    assert "Janji terlewat: penyelesaian" not in shown

    clock.move_to(promised + timedelta(hours=1))
    shown = page(citizen, kept)
    assert MISSED in shown
    assert "Janji terlewat: penyelesaian" in shown


def test_what_is_settled_between_the_two_dates_is_a_promise_kept(
    citizen: Visitor, clock: MovableClock
) -> None:
    ticket = filed(citizen)
    kept = citizen.code_and_pin()
    answered(ticket)
    as_class(ticket, TicketClass.INFORMATION)
    due = timer(ticket).due_at
    assert due is not None
    clock.move_to(due + timedelta(days=1))
    with transaction():
        tickets.resolve(ticket.id, "Sudah.", ACTOR)
    assert timer(ticket).breached_at == due, "the office's own figure stays as it is"
    shown = page(citizen, kept)
    assert "Janji ditepati" in shown
    assert MISSED not in shown


def test_a_later_class_is_told_on_the_journey_and_by_one_mail(
    citizen: Visitor, clock: MovableClock
) -> None:
    ticket = filed(citizen, "INFORMATION")
    kept = citizen.code_and_pin()
    as_class(ticket, TicketClass.COMPLAINT)
    (event,) = later(ticket)
    assert (event.data["metric"], event.data["cycle"]) == ("RESOLUTION", 1)
    assert str(event.data["was"]) < str(event.data["promised"])
    assert "Tanggal baru, lebih lambat. Penyelesaian: Senin, 14 Desember 2026" in page(
        citizen, kept
    )
    assert told() == ["received", "later"]


def test_a_later_date_after_a_pause_is_told_and_a_short_pause_moves_nothing(
    citizen: Visitor, clock: MovableClock
) -> None:
    ticket = filed(citizen)
    kept = citizen.code_and_pin()
    answered(ticket)
    for days in (0, 5):
        with transaction():
            tickets.ask(ticket.id, "Nomor berkasnya?", ACTOR)
        clock.forward(timedelta(days=days, minutes=20))
        citizen.come_back(*kept)
        citizen.send("/laporan-saya", "/laporan-saya/pesan", text="B-17.")
        assert len(later(ticket)) == (1 if days else 0)
    assert told().count("later") == 1
    assert "Tanggal baru" in page(citizen, kept)
    assert fresh(ticket.id).status == "OPEN"


def test_what_followed_a_missed_promise_is_said_once_it_is_so(
    citizen: Visitor, clock: MovableClock
) -> None:
    person("Wulan", "wulan@kota.example", Role.SUPERVISOR)
    filed(citizen)
    kept = citizen.code_and_pin()
    clock.forward(timedelta(days=2))
    told_words, raised = "Pengawas sudah diberi tahu.", "dinaikkan tingkat mendesaknya"
    sweeper.sweep()
    shown = page(citizen, kept)
    assert MISSED in shown
    assert told_words not in shown
    assert raised not in shown
    outbox.drain("notify")
    assert told_words in page(citizen, kept)
    assert raised not in page(citizen, kept)
    outbox.drain("escalate")
    assert raised in page(citizen, kept)


def test_an_urgent_report_is_not_said_to_have_moved_up(
    citizen: Visitor, clock: MovableClock
) -> None:
    ticket = filed(citizen)
    kept = citizen.code_and_pin()
    with transaction():
        changes.set_priority(ticket.id, Priority.URGENT, ACTOR)
    clock.forward(timedelta(days=2))
    sweeper.sweep()
    outbox.drain("notify")
    outbox.drain("escalate")
    shown = page(citizen, kept)
    assert "Waktu yang dijanjikan lewat" in shown
    assert "Pengawas" not in shown, "there is none here"
    assert "dinaikkan" not in shown
