"""After the clock jumped nobody sweeps, everybody who should know is told, and one word goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import transaction
from helpdesk import filing
from helpdesk.rules.vocabulary import TicketClass
from sla.models import TimerRow
from sla.sweeps import alarms
from sla.sweeps.sweeping import Sweeper
from tests.journeys.pages import Visitor, person

DAYS = timedelta(days=200)


@pytest.fixture
def jumped(office: Session, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> Sweeper:
    """A sweeper whose clock went 200 days ahead, past every date of a report."""
    monkeypatch.setattr("sla.sweeps.sweeping.CHORE_EVERY", 0.0)
    with transaction():
        filing.file(filing.Filing(TicketClass.COMPLAINT, "Words.", "k" * 32))
    copy = Sweeper()
    copy.tick()
    clock.forward(DAYS)
    copy.tick()
    return copy


def late(session: Session) -> int:
    return len(session.scalars(select(TimerRow).where(TimerRow.breached_at.is_not(None))).all())


def confirm(app: Flask) -> str:
    said = app.test_cli_runner().invoke(args=["clock", "confirm", "--yes"])
    assert said.exit_code == 0, said.output
    return said.output


def test_nothing_is_recorded_until_an_operator_confirms_the_clock(
    app: Flask, office: Session, jumped: Sweeper
) -> None:
    jumped.tick()
    assert late(office) == 0
    assert "1 sweepers go on" in confirm(app)
    jumped.tick()  # hears of it
    jumped.tick()
    assert late(office) > 0
    assert alarms.for_readiness() is None


def test_a_confirmation_is_of_the_jump_that_was_seen_and_of_no_later_one(
    app: Flask, office: Session, clock: MovableClock, jumped: Sweeper
) -> None:
    confirm(app)
    clock.forward(-DAYS)
    jumped.tick()
    jumped.tick()
    assert alarms.for_readiness() is not None
    clock.forward(timedelta(seconds=6))
    jumped.tick()
    assert late(office) == 0


def test_readiness_says_by_how_much_and_what_to_do(client: FlaskClient, jumped: Sweeper) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    [said] = [w for w in answer.get_json()["wrong"] if "jumped" in w]
    assert f"jumped by {DAYS.total_seconds():.0f} seconds" in said
    assert "flask --app app clock confirm" in said


def test_administrators_see_it_on_their_pages_and_nobody_else_does(
    app: Flask, client: FlaskClient, jumped: Sweeper
) -> None:
    person("Adi", "adi@kota.example", Role.ADMIN)
    person("Rani", "rani@kota.example", Role.AGENT, "pengaduan")
    Visitor(client).sign_in("adi@kota.example")
    assert "clock confirm" in client.get("/orang").text
    other = app.test_client()
    Visitor(other).sign_in("rani@kota.example")
    assert "clock confirm" not in other.get("/antrean").text


def test_a_sweeper_that_is_silent_is_an_alarm_too(office: Session, clock: MovableClock) -> None:
    Sweeper().tick()
    office.execute(text("UPDATE sweepers SET at = at - interval '16 seconds'"))
    assert "No sweeper has reported" in (alarms.for_readiness() or "")
    assert alarms.for_administrators()


def test_without_a_jump_there_is_nothing_to_confirm(app: Flask, office: Session) -> None:
    assert "No sweeper waits" in confirm(app)


def test_a_no_to_the_question_changes_nothing(app: Flask, office: Session, jumped: Sweeper) -> None:
    said = app.test_cli_runner().invoke(args=["clock", "confirm"], input="n\n")
    assert said.exit_code == 1
    jumped.tick()
    jumped.tick()
    assert late(office) == 0
