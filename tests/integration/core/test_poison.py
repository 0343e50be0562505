"""A delivery that can never succeed is set aside after ten tries; what came after goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from rq.timeouts import JobTimeoutException
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core import events, outbox
from core.aside import setting
from core.aside.models import SetAside
from core.aside.one_by_one import TRIES
from core.database import db, transaction
from core.errors import NotFound
from core.event_kinds import declare
from core.events import Entry
from core.outbox import Told

AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
SENT = declare("TEST_POISON", needs="n")
NAME = "test-poison"
BAD, STUCK = 13, 14

Heard = list[tuple[str, int]]


class Mended:
    """What the bad ones meet today."""

    yet = False


@pytest.fixture
def heard(db_session: Session) -> Iterator[Heard]:
    said: Heard = []
    Mended.yet = False

    def hear(told: Sequence[Told]) -> None:
        for one in told:
            n = int(one.data["n"])
            if n == STUCK and not Mended.yet:
                raise JobTimeoutException("the worker's time is over")
            if n == BAD and not Mended.yet:
                raise RuntimeError("Budi's own words")
            said.append((one.subject, n))

    events.subscribe_durable(NAME, SENT)
    outbox.handle(NAME, hear)
    yield said
    outbox.HANDLERS.pop(NAME)


def tell(*pairs: tuple[str, int]) -> None:
    with transaction():
        events.append([Entry(SENT, subject, "system", AT, {"n": n}) for subject, n in pairs])


def time_passes() -> None:
    """Whatever waits for its next try is due."""
    with transaction() as session:
        session.execute(
            text("UPDATE deliveries SET leased_until = now() - interval '1 s' WHERE leased_until"
                 " IS NOT NULL AND subscriber = :name"),
            {"name": NAME},
        )  # fmt: skip


def drained(times: int) -> None:
    for _ in range(times):
        try:
            outbox.drain(NAME)
        except JobTimeoutException:
            db.session.rollback()
        time_passes()


def aside() -> list[SetAside]:
    return list(db.session.scalars(select(SetAside).where(SetAside.subscriber == NAME)))


def logged() -> list[tuple[str, str]]:
    rows = db.session.execute(
        text("SELECT kind, actor FROM events WHERE subject = 'held_up:1' ORDER BY id")
    )
    return [tuple(row) for row in rows]


def test_what_always_fails_is_set_aside_after_ten_tries_and_the_rest_goes_on_in_order(
    heard: Heard,
) -> None:
    tell(("ticket:1", BAD), ("ticket:1", 2), ("ticket:2", 3), ("ticket:1", 4))
    drained(TRIES - 1)
    assert heard == [("ticket:2", 3)]
    assert aside() == []
    drained(1)
    assert heard == [("ticket:2", 3), ("ticket:1", 2), ("ticket:1", 4)]
    assert outbox.waiting() == []
    assert logged() == [("DELIVERY_SET_ASIDE", "system")]


def test_it_says_what_went_wrong_and_where_and_nothing_that_anybody_typed(heard: Heard) -> None:
    tell(("ticket:1", BAD))
    drained(TRIES)
    (row,) = aside()
    assert (row.subject, row.attempts, row.error) == ("ticket:1", TRIES, "RuntimeError")
    assert row.place.startswith("tests/integration/core/test_poison.py:")
    assert "Budi" not in f"{row.error}{row.place}"


def test_of_a_refusal_by_the_database_the_code_is_kept(heard: Heard) -> None:
    def refused(told: Sequence[Told]) -> None:
        db.session.execute(text("SELECT 1/0"))

    outbox.handle(NAME, refused)
    tell(("ticket:1", 1))
    drained(TRIES)
    assert aside()[0].error == "DivisionByZero 22012"


def test_trying_again_after_the_fault_was_mended_carries_it_out_once(heard: Heard) -> None:
    tell(("ticket:1", BAD))
    drained(TRIES)
    Mended.yet, (row,) = True, aside()
    with transaction():
        setting.try_again(NAME, [row.event_id], "user:7")
    drained(2)
    assert heard == [("ticket:1", BAD)]
    assert (aside(), setting.count()) == ([], 0)
    assert logged() == [("DELIVERY_SET_ASIDE", "system"), ("DELIVERY_TRIED_AGAIN", "user:7")]


def test_one_that_fails_again_is_set_aside_again(heard: Heard) -> None:
    tell(("ticket:1", BAD))
    drained(TRIES)
    with transaction():
        setting.try_again(NAME, [aside()[0].event_id], "user:7")
    drained(TRIES)
    assert len(aside()) == 1
    assert [kind for kind, _ in logged()].count("DELIVERY_SET_ASIDE") == 2


def test_given_up_is_gone_and_stands_in_the_log(heard: Heard) -> None:
    tell(("ticket:1", BAD))
    drained(TRIES)
    event_id = aside()[0].event_id
    with transaction():
        setting.give_up(NAME, [event_id], "user:7")
    assert aside() == []
    assert logged()[-1] == ("DELIVERY_GIVEN_UP", "user:7")
    with pytest.raises(NotFound), transaction():
        setting.give_up(NAME, [event_id], "user:7")
    with pytest.raises(NotFound), transaction():
        setting.try_again(NAME, [event_id], "user:7")


def test_one_that_takes_all_of_a_workers_time_holds_up_the_others_once_only(heard: Heard) -> None:
    tell(("ticket:1", STUCK), ("ticket:2", 2), ("ticket:1", 3), ("ticket:4", 4))
    drained(1)
    assert heard == []  # the batch was lost with the worker's time
    drained(1)  # the bad one alone takes this time
    assert heard == []
    with transaction() as session:  # and rests now, as it does in earnest
        session.execute(
            text("UPDATE deliveries SET leased_until = now() + interval '1 h' WHERE event_id ="
                 " (SELECT min(event_id) FROM deliveries WHERE subscriber = :name)"),
            {"name": NAME},
        )  # fmt: skip
    outbox.drain(NAME)
    assert heard == [("ticket:2", 2), ("ticket:4", 4)]
    time_passes()
    drained(TRIES)
    assert heard[2:] == [("ticket:1", 3)]
    assert [row.error for row in aside()] == ["JobTimeoutException"]


def test_one_of_which_workers_die_is_set_aside_though_nobody_could_say_why(heard: Heard) -> None:
    """Nothing runs in a worker that is killed: only how often each was begun is known."""
    tell(("ticket:1", BAD), ("ticket:2", 2))
    with transaction() as session:
        session.execute(text("UPDATE deliveries SET attempts = 13 WHERE subject = 'ticket:1'"))
    drained(1)
    assert heard == [("ticket:2", 2)]
    assert [(row.error, row.place) for row in aside()] == [("Unfinished", "")]


def test_deliveries_whose_workers_were_killed_innocently_are_carried_out(heard: Heard) -> None:
    tell(("ticket:1", 1), ("ticket:1", 2), ("ticket:2", 3))
    for _ in range(TRIES + 5):  # killed each time, in the middle of a batch
        assert outbox.take(NAME)
        time_passes()
        with transaction() as session:
            session.execute(text("UPDATE deliveries SET attempts = least(attempts, 4)"))
    outbox.drain(NAME)
    assert heard == [("ticket:1", 1), ("ticket:1", 2), ("ticket:2", 3)]
    assert aside() == []
