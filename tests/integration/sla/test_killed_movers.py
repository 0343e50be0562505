"""A worker that moves promises is killed with kill -9; another goes on, and each moved once."""

from __future__ import annotations

import os
import secrets
import signal
import time

from flask import Flask
from sqlalchemy import func, select

import prepare
from core import clock
from core.database import db, transaction
from core.events import Event
from helpdesk import filing
from helpdesk.rules.vocabulary import TicketClass
from sla import seed
from sla.models import Move
from sla.proving import repair
from sla.recalculation import moves, publishing

COUNT, BATCH = 60, 4


def published() -> int:
    """An office with open reports and a calendar that was just published; the move to it."""
    prepare.starting_data()
    for _ in range(COUNT):
        with transaction():
            filing.file(filing.Filing(TicketClass.COMPLAINT, "Kata.", secrets.token_hex(16)))
    with transaction():
        at = clock.now()
        form = seed.calendar_form()
        form["week"] = {**form["week"], "fri": [["07:30", "11:30"]], "thu": [["07:30", "12:00"]]}
        publishing.publish_calendar(seed.OFFICE, "Jam kantor", form, at)
    (move_id,) = moves.waiting(clock.now())
    return move_id


def fork(app: Flask, move_id: int) -> int:
    """Another process that moves them, batch by batch."""
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if pid == 0:
        try:
            with app.app_context():
                while moves.step(move_id, batch=BATCH):
                    time.sleep(0.01)
        finally:
            os._exit(0)
    return pid


def seen(move_id: int) -> int:
    db.session.rollback()
    return db.session.scalars(select(Move.seen).where(Move.id == move_id)).one()


def moved() -> list[int]:
    """How often each subject was moved."""
    counted = select(func.count()).where(Event.kind == "CALENDAR_MOVED").group_by(Event.subject)
    return list(db.session.scalars(counted))


def test_a_mover_that_is_killed_half_way_is_gone_on_from(committed_app: Flask) -> None:
    with committed_app.app_context():
        move_id = published()
        pid = fork(committed_app, move_id)
        until = time.monotonic() + 30
        while seen(move_id) < 2 * BATCH and time.monotonic() < until:
            time.sleep(0.005)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        done = seen(move_id)
        assert 0 < done < COUNT
        assert moved() == [1] * done, "whole batches, and the row that counts them"
        move = moves.whole(move_id)
        assert (move.seen, move.failed, move.ended_at is not None) == (COUNT, 0, True)
        assert moved() == [1] * COUNT
        subjects = list(db.session.scalars(select(Event.subject).distinct()))
        assert not any(repair.differs(s) for s in subjects if s.startswith("ticket:"))


def test_two_movers_at_once_share_the_work_and_move_each_once(committed_app: Flask) -> None:
    with committed_app.app_context():
        move_id = published()
        pid = fork(committed_app, move_id)
        until = time.monotonic() + 30
        while moves.waiting(clock.now()) and time.monotonic() < until:
            moves.step(move_id, batch=BATCH)
            db.session.rollback()
        os.waitpid(pid, 0)
        assert seen(move_id) == COUNT
        assert moved() == [1] * COUNT


def test_a_report_that_somebody_works_on_is_looked_at_last(committed_app: Flask) -> None:
    with committed_app.app_context():
        move_id = published()
        db.session.rollback()
        with db.engine.connect() as other:
            other.exec_driver_sql("SELECT id FROM tickets ORDER BY id LIMIT 1 FOR UPDATE")
            began = time.monotonic()
            moves.whole(move_id)  # ends its turn, for all that is left is held
            assert time.monotonic() - began < 20, "it waits for nobody"
            db.session.rollback()
            assert (seen(move_id), len(moved())) == (COUNT - 1, COUNT - 1)
            other.rollback()
        assert moves.whole(move_id).ended_at is not None
        assert moved() == [1] * COUNT
