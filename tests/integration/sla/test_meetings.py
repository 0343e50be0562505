"""Sweeper and use case meet at one timer: whichever comes first, they never disagree."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

import prepare
from core import clock as clocks
from core import outbox
from core.canonical import parse_instant
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk import changes, filing, tickets
from helpdesk.models import Ticket
from helpdesk.routine import chores
from helpdesk.rules.vocabulary import Priority, TicketClass
from sla import seed, tracking
from sla.models import PolicyVersion, TimerRow
from sla.sweeps import sweeper

SECOND = timedelta(seconds=1)


def filed() -> int:
    with transaction():
        said = filing.Filing(TicketClass.COMPLAINT, "Words.", secrets.token_hex(16))
        return filing.file(said).ticket_id


def timer(ident: int, metric: str) -> TimerRow:
    asked = select(TimerRow).where(TimerRow.subject == f"ticket:{ident}", TimerRow.metric == metric)
    return db.session.scalars(asked.execution_options(populate_existing=True)).one()


def agrees(ident: int, now: datetime) -> bool:
    ref = f"ticket:{ident}"
    db.session.expire_all()
    return tracking.same(tracking.timers([ref])[ref], tracking.rebuild(ref, now))


def breaches(ident: int) -> int:
    """Of the settlement; news was owed long before."""
    asked = select(func.count()).where(
        Event.subject == f"ticket:{ident}",
        Event.kind == "TIMER_BREACHED",
        Event.data["metric"].astext == "RESOLUTION",
    )
    return int(db.session.execute(asked).scalar_one())


ACTS: dict[str, Callable[[int], object]] = {
    "resolving": lambda ident: tickets.resolve(ident, "Settled.", "user:1"),
    "a change of class": lambda i: changes.classify(
        i, TicketClass.APPRECIATION, None, "user:1", "Thanks."
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_what_was_done_in_time_is_not_found_late_by_a_sweep_that_comes_before_its_commit(
    committed_app: Flask,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[int], object],
) -> None:
    def sweep() -> None:
        with committed_app.app_context():
            sweeper.sweep_batch(clock.at + SECOND)
            db.session.remove()

    swept: list[threading.Thread] = []

    def now_and_a_sweep_behind_it() -> datetime:
        if not swept:
            swept.append(threading.Thread(target=sweep))
            swept[0].start()
            swept[0].join(30)
        return clock.at

    with committed_app.app_context():
        prepare.starting_data()
        ident = filed()
        with transaction():
            tickets.answer(ident, "We look at it.", "user:1")
        due = timer(ident, "RESOLUTION").due_at
        assert due is not None
        clock.move_to(due)  # the last moment in time
        with monkeypatch.context() as patch, transaction():
            patch.setattr(clocks, "now", now_and_a_sweep_behind_it)
            act(ident)
        assert swept
        assert timer(ident, "RESOLUTION").breached_at is None
        assert breaches(ident) == 0
        assert agrees(ident, clock.at)


def test_the_log_gives_what_is_stored_at_the_very_moment_of_a_step(
    committed_app: Flask, clock: MovableClock
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        ident = filed()
        for moment, _ in timer(ident, "FIRST_RESPONSE").plan:
            clock.move_to(parse_instant(moment))
            sweeper.sweep()
            assert agrees(ident, clock.at)
            clock.forward(timedelta(microseconds=1))
            sweeper.sweep()
            assert agrees(ident, clock.at)


def test_two_missed_promises_at_once_raise_the_urgency_in_the_order_of_the_log(
    committed_app: Flask, clock: MovableClock
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        with transaction() as session:
            session.add(
                PolicyVersion(
                    key="urgent",
                    position=-1,
                    name="Urgent",
                    valid_from=datetime.fromisoformat("2000-01-01T00:00:00+00:00"),
                    calendar_key=seed.OFFICE,
                    conditions={"priority": ["URGENT"]},
                    targets={"RESOLUTION": {"n": 90, "unit": "days"}},
                )
            )
        ident = filed()
        clock.forward(timedelta(days=14))  # verification and first response are late by now
        sweeper.sweep()
        while waiting := outbox.waiting():
            for subscriber in waiting:
                outbox.drain(subscriber)
        said = db.session.scalars(
            select(Event.data["priority"].astext)
            .where(Event.kind == "PRIORITY_SET", Event.subject == f"ticket:{ident}")
            .order_by(Event.id)
        ).all()
        assert said == [Priority.HIGH.value, Priority.URGENT.value]
        assert agrees(ident, clock.at)


def test_a_chore_that_began_before_an_act_dates_the_end_after_it(
    committed_app: Flask, clock: MovableClock
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        ident = filed()
        with transaction():
            tickets.answer(ident, "We look at it.", "user:1")
            tickets.ask(ident, "Which house?", "user:1")
        ends = db.session.get_one(Ticket, ident).closes_at
        assert ends is not None
        began = ends + SECOND
        clock.move_to(ends - SECOND)
        with transaction():
            tickets.answer(ident, "We still wait.", "user:1")
        clock.move_to(began + SECOND)
        assert chores.end_what_is_over(began) == 1
        dates = db.session.scalars(
            select(Event.at).where(Event.subject == f"ticket:{ident}").order_by(Event.id)
        ).all()
        assert dates[-1] == clock.at
        assert db.session.execute(text("SELECT status FROM tickets")).scalars().all() == ["CLOSED"]
