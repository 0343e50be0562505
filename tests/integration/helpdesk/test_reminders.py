"""A question without a reply is remembered 7 days and 1 day before the report lapses, once each."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import prepare
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk import requester, tickets
from helpdesk.lists import presenting
from helpdesk.models import Ticket
from helpdesk.routine import chores, reminders
from tests.integration.helpdesk.desk import fresh, report

TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)


def asked() -> Ticket:
    ticket = report()
    with transaction():
        tickets.accept(ticket.id, "user:1")
        tickets.ask(ticket.id, "Nomor berkasnya?", "user:1")
    return fresh(ticket.id)


def said(ticket: Ticket) -> list[int]:
    db.session.expire_all()
    found = select(Event.data).where(Event.subject == ticket.ref, Event.kind == "REPLY_REMINDED")
    return [int(data["days"]) for data in db.session.scalars(found.order_by(Event.id))]


def look(clock: MovableClock) -> int:
    """What the sweeper does at this moment, in its order."""
    chores.end_what_is_over(clock.at)
    return reminders.remind(clock.at)


@pytest.mark.usefixtures("office")
def test_each_comes_at_its_moment_and_once(clock: MovableClock) -> None:
    ticket = asked()
    ends = ticket.closes_at
    assert ends is not None
    for days in (7, 1):
        clock.move_to(ends - days * DAY - TICK)
        assert look(clock) == 0
        clock.forward(TICK)
        assert [look(clock), look(clock)] == [1, 0]
        clock.forward(timedelta(hours=3))
        assert look(clock) == 0
    assert said(ticket) == [7, 1]
    told = [one["title"] for one in presenting.journey(fresh(ticket.id), clock.at)]
    assert told.count("Kami mengingatkan Anda akan pertanyaan kami") == 2
    clock.move_to(ends)
    assert look(clock) == 0
    assert fresh(ticket.id).outcome == "NOT_COMPLETED"
    assert said(ticket) == [7, 1]


@pytest.mark.usefixtures("office")
def test_a_reply_ends_it_and_another_question_begins_anew(clock: MovableClock) -> None:
    ticket = asked()
    clock.forward(24 * DAY)
    assert look(clock) == 1
    with transaction():
        requester.write(ticket.id, "B-17.")
    clock.forward(6 * DAY)
    assert look(clock) == 0
    with transaction():
        tickets.ask(ticket.id, "Tahun berapa?", "user:1")
    clock.forward(24 * DAY)
    assert look(clock) == 1
    assert said(ticket) == [7, 7]


@pytest.mark.usefixtures("office")
def test_of_two_that_came_while_nobody_looked_only_the_last_is_said(clock: MovableClock) -> None:
    ticket = asked()
    clock.forward(30 * DAY)
    assert [look(clock), look(clock)] == [1, 0]
    assert said(ticket) == [1]


@pytest.mark.usefixtures("office")
def test_nobody_is_reminded_after_the_end(clock: MovableClock) -> None:
    ticket = asked()
    clock.forward(40 * DAY)
    assert reminders.remind(clock.at) == 0
    assert said(ticket) == []
    assert fresh(ticket.id).remind_at is None


def test_two_sweepers_at_once_say_each_once(committed_app: Flask, clock: MovableClock) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        ids = [asked().id for _ in range(10)]
        clock.forward(24 * DAY)
    together, counts = threading.Barrier(2), list[int]()

    def one() -> None:
        with committed_app.app_context():
            together.wait(timeout=30)
            counts.append(reminders.remind(clock.at))
            db.session.remove()

    copies = [threading.Thread(target=one) for _ in range(2)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join(timeout=60)
    with committed_app.app_context():
        reminders.remind(clock.at)
        assert [said(fresh(ident)) for ident in ids] == [[7]] * 10
    assert len(counts) == 2
