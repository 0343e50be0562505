"""The breach report says where and with whom a report was when its promise was missed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

import prepare
from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import changes, tickets
from helpdesk.imports import foreign, importing
from helpdesk.models import Ticket
from helpdesk.setup import office
from reports import breaches, figures
from reports.breaches import Breach
from reports.periods import Period
from sla.sweeps import sweeper
from tests.integration.accounts.people import sign_in, somebody
from tests.integration.helpdesk.desk import fresh, queue_id, report
from tests.integration.reports.test_breaches import ALL_TIME, BOSTON, SLICE
from tests.journeys.pages import person

ALL = Period(date(2026, 1, 1), date(2027, 12, 31))


def swept(clock: MovableClock, days: int) -> None:
    clock.forward(timedelta(days=days))
    while sweeper.sweep():
        pass


def shown(ticket: Ticket, asked: Period = ALL) -> list[Breach]:
    rows, _ = breaches.page(asked, frozenset(office.queues()))
    return [row for row in rows if row.number == ticket.number]


def moved(ticket: Ticket, queue: str) -> None:
    with transaction():
        changes.move(ticket.id, queue_id(queue), "Bukan di sini.", "user:1")


@pytest.mark.usefixtures("office")
def test_a_report_that_was_moved_before_its_breach_was_held_by_nobody(clock: MovableClock) -> None:
    ticket, ani = report(), person("Ani", "ani@kota.example", Role.AGENT, "pengaduan")
    with transaction():
        tickets.assign(ticket.id, ani, "user:1", was=None)
    clock.forward(timedelta(minutes=5))
    moved(ticket, "informasi")
    swept(clock, 40)
    here = office.queues()[queue_id("informasi")].name
    assert {(row.holder, row.queue) for row in shown(ticket)} == {(None, here)}


@pytest.mark.usefixtures("office")
def test_whoever_held_it_then_stands_there_although_it_was_moved_since(clock: MovableClock) -> None:
    ticket, ani = report(), person("Ani", "ani@kota.example", Role.AGENT, "pengaduan")
    first = office.queues()[ticket.queue_id].name
    with transaction():
        tickets.assign(ticket.id, ani, "user:1", was=None)
    swept(clock, 40)
    before = shown(ticket)
    moved(ticket, "informasi")
    assert fresh(ticket.id).assignee_id is None
    assert {(row.holder, row.queue) for row in before} == {("Ani", first)}
    assert shown(ticket) == before


@pytest.mark.usefixtures("office")
def test_a_queue_is_asked_for_as_it_was_at_the_breach(clock: MovableClock) -> None:
    ticket = report()
    first = ticket.queue_id
    swept(clock, 40)
    count = len(shown(ticket))
    moved(ticket, "informasi")
    queues = frozenset(office.queues())
    for queue, found in ((first, count), (queue_id("informasi"), 0)):
        asked = Period(ALL.first, ALL.last, queue=queue)
        assert len(shown(ticket, asked)) == found
        assert figures.totals(asked, queues).broken == found
    counts = figures.by_queue(ALL, queues)
    assert [(one.queue, one.broken) for one in counts] == [(office.queues()[first].name, count)]


def test_a_slow_reader_of_the_file_holds_no_connection(committed_app: Flask) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        importing.bring_in(foreign.rows(SLICE, BOSTON), BOSTON, lambda done: None)
        somebody(roles=[Role.SUPERVISOR])
        committed_app.config["WTF_CSRF_METHODS"] = []
        client = committed_app.test_client()
        sign_in(client)
        db.session.remove()
        answer = client.get(f"/pengawas/pelanggaran.csv?{ALL_TIME}", buffered=False)
        held = [db.engine.pool.checkedout() for _ in answer.iter_encoded()]  # type: ignore[attr-defined]
    assert len(held) > 3 and set(held) == {0}
