"""Whoever looks through the log reads every event once it is there for good, and none for ever."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from accounts.rules.access import Role
from core import clock
from core.database import db, transaction
from core.events import Event
from helpdesk import filing, tickets
from helpdesk.models import PlaceInLog, SightingRow
from helpdesk.patterns import reading, sightings, sizes
from helpdesk.rules.vocabulary import TicketClass
from tests.counting import statements
from tests.journeys.pages import person

ME = "user:1"


@pytest.fixture
def house(committed_app: Flask) -> Iterator[Flask]:
    import prepare

    with committed_app.app_context():
        prepare.starting_data()
        person("Rani", "rani@kota.example", Role.AGENT, "pengaduan")
        yield committed_app


def ask(words: str = "Ok") -> int:
    """A report that waits for its citizen, who was asked nothing."""
    with transaction():
        one = filing.Filing(TicketClass.COMPLAINT, "Izin.", uuid.uuid4().hex)
        ticket_id = filing.file(one).ticket_id
        tickets.accept(ticket_id, ME)
        tickets.ask(ticket_id, words, ME)
    return ticket_id


def found() -> list[int]:
    db.session.rollback()
    wanted = select(SightingRow.ticket_id).where(SightingRow.pattern == "NO_QUESTION")
    return list(db.session.scalars(wanted.order_by(SightingRow.ticket_id)))


def read_all() -> int:
    total = 0
    while more := reading.look_at_batch():
        total += more
    return total


def test_all_that_is_committed_is_read_once(house: Flask) -> None:
    ids = [ask(), ask()]
    events = db.session.scalar(select(func.count()).select_from(Event))
    db.session.rollback()
    assert read_all() == events
    assert found() == ids
    assert read_all() == 0
    ids.append(ask())
    assert read_all() > 0
    assert found() == ids


def test_what_commits_late_under_an_older_number_is_not_passed_over(house: Flask) -> None:
    inside, go_on = threading.Event(), threading.Event()
    slow: list[int] = []

    def ask_slowly() -> None:
        with house.app_context(), transaction():
            db.session.execute(text("SELECT pg_current_xact_id()"))
            inside.set()
            go_on.wait(20)
            one = filing.Filing(TicketClass.COMPLAINT, "Izin.", uuid.uuid4().hex)
            slow.append(filing.file(one).ticket_id)
            tickets.accept(slow[0], ME)
            tickets.ask(slow[0], "Ok", ME)

    writer = threading.Thread(target=ask_slowly)
    writer.start()
    assert inside.wait(20)
    fast = ask()
    read_all()
    assert found() == []  # it began after the slow one, so it waits for it
    go_on.set()
    writer.join()
    read_all()
    assert found() == sorted([fast, *slow])


def test_a_round_that_has_no_time_left_ends_and_the_next_goes_on(house: Flask) -> None:
    ids = [ask() for _ in range(3)]
    read = [reading.look_at_batch(lambda: True, batch=5)]
    while read[-1]:
        read.append(reading.look_at_batch(lambda: True, batch=5))
    assert max(read) <= 5
    assert found() == ids


def test_a_ticket_that_cannot_be_read_holds_up_no_other(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, other = ask(), ask()
    usual = sightings.facts_of

    def broken(ref: str, *given: object) -> object:
        if ref == f"ticket:{poison}":
            raise ValueError("not to be read")
        return usual(ref, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(sightings, "facts_of", broken)
    read_all()
    assert found() == [other]
    assert read_all() == 0


def test_the_place_of_another_server_begins_anew(house: Flask) -> None:
    ids = [ask()]
    read_all()
    with transaction() as session:
        session.execute(update(PlaceInLog).values(xid=2**50))
    ids.append(ask())
    read_all()
    assert found() == ids


def test_other_measures_look_at_the_whole_log_once_more(house: Flask) -> None:
    ids = [ask("Mohon kirimkan foto KTP Anda."), ask()]
    read_all()
    assert found() == ids[1:]
    with transaction():
        sizes.change({**sizes.typed(sizes.current()), "letters": "40"}, ME)
    read_all()
    assert found() == ids
    assert reading.differing()[1] == []


def test_the_chore_reads_what_is_there_in_one_round(house: Flask) -> None:
    ids = [ask() for _ in range(20)]
    with statements() as sent:
        reading.look(datetime.now().astimezone() + timedelta(seconds=1), longest=20)
    assert found() == ids
    assert len(sent) < 20, "statements do not grow with the tickets"
    assert clock.now() is not None
