"""Several people, and time itself, are at one report at once: each thing happens once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import prepare
from accounts.models import User
from core import clock as core_clock
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.errors import DomainError
from core.events import Event
from helpdesk import tickets
from helpdesk.acts import lock
from helpdesk.causes import acts as causes
from helpdesk.escalations import acts as escalations
from helpdesk.escalations.kinds import Cause
from helpdesk.models import BreachCause, Escalation
from helpdesk.relations import merging
from sla import seed
from sla.proving import repair
from sla.recalculation import moves, publishing
from sla.sweeps import sweeper
from tests.integration.sla.test_policy_versions import ACTOR, filed

Act = Callable[[], object]


def together(app: Flask, *acts: Act) -> Counter[str]:
    """Each act in a thread and transaction of its own, all begun at once."""
    gate, said = threading.Barrier(len(acts), timeout=20), Counter[str]()

    def run(act: Act) -> None:
        with app.app_context():
            gate.wait()
            try:
                act()
                said["done"] += 1
            except DomainError as error:
                said[type(error).__name__] += 1
            except Exception as error:
                said[f"bug {error!r}"] += 1
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def in_one(act: Act) -> Act:
    def carry_out() -> None:
        with transaction():
            act()

    return carry_out


def drain() -> None:
    while waiting := outbox.waiting():
        for subscriber in waiting:
            outbox.drain(subscriber)


@pytest.fixture
def house(committed_app: Flask, clock: MovableClock) -> Flask:
    with committed_app.app_context():
        prepare.starting_data()
        with transaction() as session:
            session.add_all(
                User(
                    email=f"{n}@kota.example",
                    name=f"Orang {n}",
                    roles=["SUPERVISOR"],
                    password_hash="-",  # noqa: S106
                    created_at=core_clock.now(),
                )
                for n in range(1, 6)
            )
        db.session.remove()
    return committed_app


def waits(ticket_id: int) -> int:
    with transaction():
        return escalations.open_level(lock(ticket_id), 1, Cause.CLIMBED, "system").id


def test_of_five_who_take_it_up_one_does(house: Flask) -> None:
    with house.app_context():
        one = filed()
        before = waits(one)
        db.session.remove()
    acts = [in_one(lambda n=n: escalations.take(lock(one), before, n)) for n in range(1, 6)]  # type: ignore[misc]
    assert together(house, *acts) == {"done": 1, "Conflict": 4}


def test_taken_while_it_climbs_the_level_above_is_opened_once_and_dates_are_the_logs(
    house: Flask, clock: MovableClock
) -> None:
    with house.app_context():
        one = filed()
        before = waits(one)
        clock.forward(timedelta(days=3))
        sweeper.sweep(clock.at)
        db.session.remove()
    take = in_one(lambda: escalations.take(lock(one), before, 1))
    said = together(house, take, drain, drain, lambda: sweeper.sweep(clock.at))
    assert said == {"done": 4}
    with house.app_context():
        drain()
        asked = select(Escalation.level, func.count()).where(Escalation.ticket_id == one)
        levels = dict(db.session.execute(asked.group_by(Escalation.level)).tuples().all())
        assert levels[2] == 1
        assert not repair.differs(f"ticket:{one}")
        assert not repair.differs(f"escalation:{before}")


def test_of_many_who_excuse_the_same_promise_one_excuse_stands(
    house: Flask, clock: MovableClock
) -> None:
    with house.app_context():
        one = filed()
        clock.forward(timedelta(days=30))
        sweeper.sweep(clock.at)
        db.session.remove()
    promise = ("RESOLUTION", 1)
    acts = [
        in_one(lambda n=n: causes.excuse(one, promise, "DISASTER", f"Banjir {n}", n))  # type: ignore[misc]
        for n in range(1, 5)
    ]
    said = together(house, *acts)
    assert said == {"done": 4}
    with house.app_context():
        standing = select(func.count()).where(
            BreachCause.subject == f"ticket:{one}", BreachCause.withdrawn_at.is_(None)
        )
        assert db.session.scalar(standing) == 1


def test_merged_both_ways_and_settled_while_a_calendar_moves_them(
    house: Flask, clock: MovableClock
) -> None:
    with house.app_context():
        ids = [filed() for _ in range(6)]
        db.session.remove()
    clock.forward(timedelta(hours=3))

    def publish() -> None:
        form = seed.calendar_form()
        form["holidays"] = sorted({*form["holidays"], "2026-12-01", "2026-12-02"})
        with transaction():
            publishing.publish_calendar(seed.OFFICE, "Jam kantor", form, core_clock.now())
        for move_id in moves.waiting(core_clock.now()):
            moves.whole(move_id)

    a, b, c, d, e, f = ids
    said = together(
        house,
        publish,
        in_one(lambda: merging.merge(a, b, ACTOR)),
        in_one(lambda: merging.merge(b, a, ACTOR)),
        in_one(lambda: merging.merge(c, d, ACTOR)),
        in_one(lambda: tickets.resolve(d, "Sudah.", ACTOR)),
        in_one(lambda: tickets.answer(e, "Kami periksa.", ACTOR)),
        in_one(lambda: merging.merge(f, e, ACTOR)),
    )
    assert not [words for words in said if words.startswith("bug")], said
    with house.app_context():
        for move_id in moves.waiting(core_clock.now()):
            moves.whole(move_id)
        for one in ids:
            assert not repair.differs(f"ticket:{one}")
        merged = select(func.count()).where(
            Event.kind == "TICKET_MERGED", Event.subject.in_([f"ticket:{a}", f"ticket:{b}"])
        )
        assert db.session.scalar(merged) == 1
