"""One ticket that cannot be closed, one chore that fails: all others go on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import acts, tickets
from helpdesk.models import Ticket
from helpdesk.moments import Moment
from helpdesk.routine import chores, reminders
from helpdesk.routine.one_by_one import OneByOne
from helpdesk.rules.lifecycle import Status
from sla.sweeps import heartbeats, sweeper, sweeping
from sla.sweeps.sweeping import Sweeper
from tests.integration.helpdesk.desk import fresh, report

pytestmark = pytest.mark.usefixtures("office")


def resolved() -> Ticket:
    ticket = report()
    with transaction():
        tickets.accept(ticket.id, "user:1")
        tickets.resolve(ticket.id, "Sudah terbit.", "user:1")
    return fresh(ticket.id)


@pytest.fixture
def bad(clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> Ticket:
    """The first that should close, and cannot."""
    found, real = resolved(), acts.act
    ident = found.id

    def act(moment: Moment, *args: Any, **more: Any) -> Any:
        if moment.ticket.id == ident:
            raise RuntimeError("this one cannot be closed")
        return real(moment, *args, **more)

    monkeypatch.setattr(acts, "act", act)
    monkeypatch.setattr(chores, "_round", OneByOne("closing"))
    monkeypatch.setattr(reminders, "_round", OneByOne("reminding"))
    return found


def test_a_ticket_that_cannot_be_closed_keeps_no_other_from_closing(
    bad: Ticket, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.forward(timedelta(minutes=1))
    good = resolved()
    clock.forward(timedelta(days=12))
    assert chores.end_what_is_over(clock.at) == 1
    assert fresh(good.id).status == Status.CLOSED
    assert fresh(bad.id).status == Status.RESOLVED
    assert f"ticket {bad.id} is left alone" in caplog.text
    caplog.clear()
    assert chores.end_what_is_over(clock.at) == 0
    assert caplog.text == ""


def test_a_chore_that_fails_stops_neither_the_heartbeat_nor_other_chores(
    clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def fails(now: object) -> int:
        raise RuntimeError("broken")

    def works(now: object) -> int:
        done.append("works")
        return 1

    monkeypatch.setattr(sweeper, "CHORES", {fails: 1.0, works: 1.0})
    copy = Sweeper()
    copy.tick()
    assert done == ["works"]
    assert db.session.scalars(select(heartbeats.Heartbeat.name)).all() == [copy.name]


def test_a_fault_of_ours_is_not_called_a_database_that_is_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(DBAPIError) as met:
        db.session.execute(text("SELECT CAST('no number' AS integer)"))
    assert sweeping.set_back(met.value) == 1.0
    assert [one.getMessage() for one in caplog.records] == ["a sweep failed, trying again"]
