"""Durable deliveries: in order, under a lease, done with their effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import events, outbox
from core.database import db, transaction
from core.event_kinds import declare
from core.events import Entry
from core.outbox import Told

AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
TOLD = declare("TEST_TOLD", needs="n")
NAME = "test-outbox"


@pytest.fixture
def heard(db_session: Session) -> Iterator[list[tuple[str, int]]]:
    said: list[tuple[str, int]] = []

    def hear(told: Sequence[Told]) -> None:
        for one in told:
            if one.data["n"] == 13:
                raise RuntimeError("a bad delivery")
            said.append((one.subject, int(one.data["n"])))

    events.subscribe_durable(NAME, TOLD)
    outbox.handle(NAME, hear)
    yield said
    outbox.HANDLERS.pop(NAME)


def tell(*pairs: tuple[str, int]) -> None:
    with transaction():
        events.append([Entry(TOLD, subject, "system", AT, {"n": n}) for subject, n in pairs])


def test_a_committed_event_reaches_its_subscriber_once(heard: list[tuple[str, int]]) -> None:
    tell(("ticket:1", 1), ("ticket:2", 2), ("ticket:1", 3))
    assert outbox.drain(NAME) == 3
    assert outbox.drain(NAME) == 0
    assert heard == [("ticket:1", 1), ("ticket:2", 2), ("ticket:1", 3)]


def test_nothing_of_a_subject_is_handed_out_while_an_earlier_one_is_held(
    heard: list[tuple[str, int]],
) -> None:
    tell(("ticket:1", 1), ("ticket:1", 2), ("ticket:2", 3))
    first = outbox.take(NAME, batch=1)
    others = outbox.take(NAME)
    assert len(first) == 1
    assert outbox.carry_out(NAME, others) == 1
    assert heard == [("ticket:2", 3)]
    outbox.carry_out(NAME, first)
    outbox.drain(NAME)
    assert [n for s, n in heard if s == "ticket:1"] == [1, 2]


def test_what_a_dead_worker_held_is_handed_out_again(heard: list[tuple[str, int]]) -> None:
    tell(("ticket:1", 1))
    assert outbox.take(NAME)
    assert outbox.drain(NAME) == 0
    with transaction() as session:
        session.execute(text("UPDATE deliveries SET leased_until = now() - interval '1 second'"))
    assert outbox.drain(NAME) == 1
    assert heard == [("ticket:1", 1)]


def test_carrying_out_twice_has_one_effect(heard: list[tuple[str, int]]) -> None:
    tell(("ticket:1", 1))
    ids = outbox.take(NAME)
    assert outbox.carry_out(NAME, ids) == 1
    assert outbox.carry_out(NAME, ids) == 0
    assert heard == [("ticket:1", 1)]


def test_one_bad_delivery_does_not_hold_up_the_others(heard: list[tuple[str, int]]) -> None:
    tell(("ticket:1", 13), ("ticket:2", 2), ("ticket:3", 3))
    assert outbox.drain(NAME) == 2
    assert sorted(heard) == [("ticket:2", 2), ("ticket:3", 3)]
    left = db.session.execute(
        text("SELECT leased_until > clock_timestamp() FROM deliveries WHERE subscriber = :s"),
        {"s": NAME},
    ).scalars()
    assert list(left) == [True]


def test_what_comes_after_a_bad_delivery_of_the_same_subject_waits_behind_it(
    heard: list[tuple[str, int]],
) -> None:
    tell(("ticket:1", 13), ("ticket:1", 2), ("ticket:2", 3), ("ticket:1", 4))
    outbox.drain(NAME)
    outbox.drain(NAME)
    assert heard == [("ticket:2", 3)]
    left = db.session.execute(
        text(
            "SELECT e.data->>'n', leased_until IS NULL FROM deliveries d "
            "JOIN events e ON e.id = d.event_id WHERE subscriber = :s ORDER BY e.id"
        ),
        {"s": NAME},
    ).all()
    assert [tuple(row) for row in left] == [("13", False), ("2", True), ("4", True)]
