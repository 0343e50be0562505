"""A chore that meets a lock waits a second for it; deadlines and the other chores go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

import prepare
from core.clock import MovableClock
from core.database import db, transaction
from core.storage.waits import held_up, short_waits
from helpdesk import filing, tickets
from helpdesk.models import Ticket
from helpdesk.rules.vocabulary import TicketClass
from sla.models import TimerRow
from sla.sweeps import sweeper, sweeping


@pytest.fixture
def house(committed_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr("sla.sweeps.sweeping.CHORE_EVERY", 0.0)
    with committed_app.app_context():
        prepare.starting_data()
        yield committed_app


def filed(key: str) -> int:
    with transaction():
        said = filing.Filing(TicketClass.COMPLAINT, "Kata.", key * 32)
        return filing.file(said).ticket_id


def test_a_chore_behind_a_lock_holds_up_neither_breaches_nor_other_chores(
    house: Flask, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.routine.one_by_one.LATER", 0.0)
    settled, missed = filed("s"), filed("m")
    with transaction():
        tickets.answer(settled, "Kami periksa.", "user:1")
        tickets.resolve(settled, "Selesai.", "user:1")
    held, go_on = threading.Event(), threading.Event()
    done: list[datetime] = []

    def last_chore(now: datetime) -> int:
        done.append(now)
        return 1

    monkeypatch.setattr(sweeper, "CHORES", {**sweeper.CHORES, last_chore: 0.0})

    def hold() -> None:
        """Somebody who keeps the timers of the settled report and forgets to go on."""
        with house.app_context(), transaction() as session:
            rows = select(TimerRow.id).where(TimerRow.subject == f"ticket:{settled}")
            session.execute(rows.with_for_update())
            held.set()
            go_on.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(20)
    short_waits(db.engine, sweeping.WAITS)
    copy = sweeping.Sweeper()
    copy.watch.offset = clock.at.timestamp() + timedelta(days=40).total_seconds() - time.monotonic()
    clock.forward(timedelta(days=40))  # the report would close by itself, and the other is late
    began = time.monotonic()
    copy.tick()
    took = time.monotonic() - began
    go_on.set()
    holder.join()
    assert took < 8  # no lock was waited for as long as the ten seconds of an ordinary act
    assert done
    late = select(TimerRow.id).where(
        TimerRow.subject == f"ticket:{missed}", TimerRow.breached_at.is_not(None)
    )
    assert db.session.scalars(late).all()
    db.session.rollback()
    copy.tick()
    assert db.session.get_one(Ticket, settled, populate_existing=True).status == "CLOSED"


def test_a_database_that_is_away_is_no_lock() -> None:
    away = OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused"))
    assert not held_up(away)
    lock = OperationalError("SELECT 1", {}, psycopg.errors.LockNotAvailable("locked"))
    assert held_up(lock)
