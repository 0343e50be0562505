"""An act that began before a publishing and comes after its move takes nothing back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import prepare
from core import clock as core_clock
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from core.storage import kept
from helpdesk import tickets
from sla import book, seed
from sla.proving import repair
from sla.recalculation import moves, publishing
from sla.recalculation.publishing import Draft
from tests.integration.sla.test_policy_versions import TEN_DAYS, filed, timer


def a_holiday(app: Flask) -> None:
    form = seed.calendar_form()
    form["holidays"] = sorted([*form["holidays"], "2026-12-01"])
    publishing.publish_calendar(seed.OFFICE, "Jam kantor", form, core_clock.now())


def another_target(app: Flask) -> None:
    now = core_clock.now()
    publishing.publish_policy(
        "ordinary", Draft(targets=TEN_DAYS), valid_from=now, apply_to_open=True, at=now
    )


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thread keeps the rulebook for itself, as if it were a process of its own."""
    now, mine = kept._Kept.now, dict[tuple[int, int], Any]()

    def of_this_process(holder: Any) -> Any:
        key = threading.get_ident(), id(holder)
        return now(mine.setdefault(key, kept._Kept(holder.tables, holder.read)))

    monkeypatch.setattr(kept._Kept, "now", of_this_process)


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("what", [a_holiday, another_target])
def test_what_the_move_has_done_stays_though_the_act_read_the_rules_before_it(
    what: Callable[[Flask], None], committed_app: Flask, clock: MovableClock
) -> None:
    def publish_and_move() -> None:
        with committed_app.app_context():
            with transaction():
                what(committed_app)
            for move_id in moves.waiting(core_clock.now()):
                moves.whole(move_id)
            db.session.remove()

    with committed_app.app_context():
        prepare.starting_data()
        ident = filed()
        clock.forward(timedelta(hours=1))
        with transaction():
            before = book.current()
            thread = threading.Thread(target=publish_and_move)
            thread.start()
            thread.join(30)
            tickets.answer(ident, "Kami periksa.", "user:1")
        row, now = timer(ident), book.current()
        assert now is not before
        assert row.calendar_id == now.newest[seed.OFFICE]
        assert not repair.differs(f"ticket:{ident}")
        asked = select(Event.kind).where(
            Event.subject == f"ticket:{ident}", Event.kind.in_(["CALENDAR_MOVED", "POLICY_MOVED"])
        )
        assert len(list(db.session.scalars(asked))) == 1
