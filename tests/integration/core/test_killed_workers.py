"""A worker that is killed between taking and doing leaves nothing half done and nothing undone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

import prepare
from core import clock, outbox
from core.database import db, transaction
from core.events import Event
from core.outbox import Told
from helpdesk.models import Escalation, Notice
from sla import seed
from sla.models import PolicyVersion
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import report

LADDER = [
    {
        "name": "75",
        "percent": 75,
        "does": [
            {"do": "notify", "to": "SUPERVISOR"}, {"do": "cause"}, {"do": "webhook"},
            {"do": "level", "n": 1},
        ],
    },
]  # fmt: skip
WANTED = ("CAUSE_WANTED", "WEBHOOK_WANTED", "ESCALATED", "TIMER_STEPPED", "TIMER_BREACHED")


@pytest.fixture
def house(committed_app: Flask) -> Iterator[Flask]:
    """An office whose every report is warned of at 75 %, and five reports past their dates."""
    committed_app.config["LEASE_SECONDS"] = 1
    with committed_app.app_context():
        prepare.starting_data()
        with transaction() as session:
            session.add(
                PolicyVersion(
                    key="hasty", position=-1, name="Hasty", calendar_key=seed.OFFICE,
                    valid_from=clock.now() - timedelta(days=9000), conditions={},
                    targets={"RESOLUTION": {"n": 60, "unit": "minutes", "clock": "wall"}},
                    steps={"RESOLUTION": LADDER},
                )
            )  # fmt: skip
        for _ in range(5):
            report()
        yield committed_app


def forked(app: Flask, does: Callable[[], object]) -> None:
    """Another process that does something in the middle of which it is killed."""
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if pid == 0:
        try:
            with app.app_context():
                does()
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_with_the_batch_in_hand(subscriber: str) -> None:
    assert outbox.take(subscriber)
    killed()


def killed_in_the_middle_of_the_effect(subscriber: str) -> None:
    effect = outbox.HANDLERS[subscriber]

    def half(told: Sequence[Told]) -> None:
        effect(told[: len(told) // 2 + 1])
        db.session.flush()
        killed()

    outbox.HANDLERS[subscriber] = half
    outbox.drain(subscriber)


def killed_after_the_effect_before_its_commit(subscriber: str) -> None:
    effect = outbox.HANDLERS[subscriber]

    def whole(told: Sequence[Told]) -> None:
        effect(told)
        db.session.flush()
        killed()

    outbox.HANDLERS[subscriber] = whole
    outbox.drain(subscriber)


def drain() -> None:
    """What nobody holds, until nothing is left; leases of the dead are over after a second."""
    for _ in range(100):
        for subscriber in outbox.waiting():
            outbox.drain(subscriber)
        left = db.session.execute(text("SELECT count(*) FROM deliveries")).scalar_one()
        db.session.rollback()
        if not left:
            return
        db.session.execute(text("SELECT pg_sleep(0.2)"))
    raise AssertionError("something is never carried out")


def count(kind: str) -> int:
    return db.session.scalar(select(func.count()).where(Event.kind == kind)) or 0


@pytest.mark.parametrize(
    "death",
    [
        killed_with_the_batch_in_hand,
        killed_in_the_middle_of_the_effect,
        killed_after_the_effect_before_its_commit,
    ],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("subscriber", ["ladder", "notify", "escalate"])
def test_each_consequence_comes_once_though_its_worker_was(
    house: Flask, subscriber: str, death: Callable[[str], None]
) -> None:
    sweeper.sweep(clock.now() + timedelta(hours=3))
    forked(house, lambda: death(subscriber))
    drain()
    assert {kind: count(kind) for kind in WANTED} == dict.fromkeys(WANTED, 5)
    levels = select(Escalation.ticket_id, func.count()).group_by(Escalation.ticket_id)
    assert [n for _, n in db.session.execute(levels)] == [1] * 5
    twice = select(Notice.user_id, Notice.event_id, func.count()).group_by(
        Notice.user_id, Notice.event_id
    )
    assert all(n == 1 for _, _, n in db.session.execute(twice))


def test_a_sweeper_that_is_killed_before_its_commit_leaves_all_to_the_next(house: Flask) -> None:
    at = clock.now() + timedelta(hours=3)

    def half() -> None:
        with transaction() as session:
            rows = session.execute(sweeper._CLAIM, {"now": at, "batch": 3}).all()
            found = [sweeper.came(row, at) for row in rows]
            from core import events

            events.append([entry for one in found for entry in one.entries])
            session.flush()
            killed()

    forked(house, half)
    assert count("TIMER_BREACHED") == 0
    sweeper.sweep(at)
    sweeper.sweep(at)
    assert (count("TIMER_BREACHED"), count("TIMER_STEPPED")) == (5, 5)
