"""The sweeper: late is later than due, and each missed promise is found out once."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import prepare
from core.canonical import parse_instant
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk import filing, tickets
from helpdesk.rules.vocabulary import TicketClass
from sla.models import TimerRow
from sla.sweeps import sweeper

TICK = timedelta(microseconds=1)


def filed() -> int:
    with transaction():
        said = filing.Filing(TicketClass.COMPLAINT, "Words.", secrets.token_hex(16))
        return filing.file(said).ticket_id


def first_due(ident: int) -> TimerRow:
    rows = select(TimerRow).where(
        TimerRow.subject == f"ticket:{ident}", TimerRow.due_at.is_not(None)
    )
    return db.session.scalars(rows.order_by(TimerRow.due_at).limit(1)).one()


def breaches(row: TimerRow) -> list[Event]:
    found = db.session.scalars(
        select(Event).where(Event.kind == "TIMER_BREACHED", Event.subject == row.subject)
    )
    return [e for e in found if (e.data["metric"], e.data["cycle"]) == (row.metric, row.cycle)]


def test_equal_is_not_late_and_a_breach_is_dated_at_its_due_moment(
    office: Session, clock: MovableClock
) -> None:
    row = first_due(filed())
    due = row.due_at
    assert due is not None
    clock.move_to(due)
    sweeper.sweep()
    db.session.refresh(row)
    assert row.breached_at is None and breaches(row) == []
    clock.move_to(due + timedelta(hours=5))
    sweeper.sweep()
    sweeper.sweep()
    db.session.refresh(row)
    assert row.breached_at == due
    assert [e.at for e in breaches(row)] == [due]


def test_a_step_is_said_at_its_own_moment(office: Session, clock: MovableClock) -> None:
    row = first_due(filed())
    moment, name = row.plan[0]
    clock.move_to(parse_instant(moment))
    sweeper.sweep()
    db.session.refresh(row)
    assert name not in row.said
    clock.forward(TICK)
    sweeper.sweep()
    db.session.refresh(row)
    assert row.said[name] == moment


def test_a_ticket_resolved_late_between_two_sweeps_records_its_breach_itself(
    office: Session, clock: MovableClock
) -> None:
    ident = filed()
    with transaction():
        tickets.accept(ident, "user:1")
    rows = select(TimerRow).where(
        TimerRow.subject == f"ticket:{ident}", TimerRow.metric == "RESOLUTION"
    )
    row = db.session.scalars(rows).one()
    due = row.due_at
    assert due is not None
    clock.move_to(due + TICK)
    with transaction():
        tickets.resolve(ident, "Settled.", "user:1")
    assert [e.at for e in breaches(row)] == [due]
    sweeper.sweep()
    assert [e.at for e in breaches(row)] == [due]


def test_two_sweepers_at_once_find_each_breach_once(
    committed_app: Flask, clock: MovableClock
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        for _ in range(20):
            filed()
        clock.forward(timedelta(days=200))
    together = threading.Barrier(2)
    ended: list[bool] = []

    def one() -> None:
        with committed_app.app_context():
            together.wait(timeout=30)
            while sweeper.sweep_batch(clock.at, 7):
                pass
            db.session.remove()
        ended.append(True)

    copies = [threading.Thread(target=one) for _ in range(2)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join(timeout=60)
    assert len(ended) == 2  # neither copy died on the way
    with committed_app.app_context():
        assert sweeper.sweep() == 0  # nothing was left over for a third
        rows = db.session.execute(
            select(Event.subject, Event.data).where(Event.kind == "TIMER_BREACHED")
        )
        said = Counter((subject, data["metric"]) for subject, data in rows)
        late = db.session.execute(
            select(TimerRow.subject, TimerRow.metric).where(TimerRow.breached_at.is_not(None))
        ).all()
        assert said == Counter(tuple(row) for row in late)
        assert set(said.values()) == {1}
        assert len(late) >= 20
