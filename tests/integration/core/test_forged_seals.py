"""The application may add seals and read them, and even so it can add no false one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from core.database import db, transaction
from core.seals import form, log, sealing
from core.seals.form import Place, Stamp
from tests.integration.core.sealed import AT, findings, note, seal


@pytest.fixture
def house(committed_app: Flask) -> Iterator[Flask]:
    """Two seals over four events, and two more events that wait."""
    with committed_app.app_context():
        note(1, 2, 3, 4)
        seal(3)
        note(5, 6)
        yield committed_app


def following() -> tuple[Stamp, bytes]:
    """The true next seal."""
    last = list(log.seals())[-1]
    place = last.place
    found = sealing._next(db.session(), sealing._SETTLED, place, 100)
    assert found is not None
    covers, after = found
    db.session.rollback()
    return Stamp(last.number + 1, AT, after, 2, last.hash), covers


Forge = Callable[[Stamp, bytes], tuple[Stamp, bytes]]


def another_list(stamp: Stamp, covers: bytes) -> tuple[Stamp, bytes]:
    return stamp, covers[:8] + bytes(32) + covers[40:]


def a_list_with_a_gap(stamp: Stamp, covers: bytes) -> tuple[Stamp, bytes]:
    return replace(stamp, count=1), covers[40:]


def a_place_that_is_not_reached(stamp: Stamp, covers: bytes) -> tuple[Stamp, bytes]:
    return replace(stamp, place=replace(stamp.place, xid=4_000_000_000)), covers


def another_floor(stamp: Stamp, covers: bytes) -> tuple[Stamp, bytes]:
    return replace(stamp, place=replace(stamp.place, floor=1)), covers


def another_number(stamp: Stamp, covers: bytes) -> tuple[Stamp, bytes]:
    return replace(stamp, number=9), covers


def another_seal_before(stamp: Stamp, covers: bytes) -> tuple[Stamp, bytes]:
    return replace(stamp, before=form.NONE_BEFORE), covers


def an_epoch(stamp: Stamp, covers: bytes) -> tuple[Stamp, bytes]:
    return replace(stamp, place=replace(stamp.place, epoch=2)), covers


def the_floor_of_an_epoch(stamp: Stamp, covers: bytes) -> tuple[Stamp, bytes]:
    return replace(stamp, place=Place(2, stamp.place.id), count=0), b""


FORGERIES: list[Forge] = [
    another_list,
    a_list_with_a_gap,
    a_place_that_is_not_reached,
    another_floor,
    another_number,
    another_seal_before,
    an_epoch,
    the_floor_of_an_epoch,
]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda f: f.__name__)
def test_a_forged_seal_is_refused_and_the_log_is_proved_as_before(
    house: Flask, forge: Forge
) -> None:
    stamp, covers = forge(*following())
    with pytest.raises(ProgrammingError, match="This seal"), transaction() as session:
        sealing._add(session, stamp, covers)
    assert seal() == 2
    assert findings()[0] == []


def test_a_hash_over_something_else_is_refused(house: Flask) -> None:
    with pytest.raises(ProgrammingError, match="does not follow"), transaction() as session:
        session.execute(
            text(
                "INSERT INTO seals SELECT number + 1, at, epoch, floor_id, last_xid, last_id,"
                " count, covers, hash, hash FROM seals ORDER BY number DESC LIMIT 1"
            )
        )


def test_the_true_seal_is_taken(house: Flask) -> None:
    stamp, covers = following()
    with transaction() as session:
        sealing._add(session, stamp, covers)
    assert (seal(), findings()[0]) == (0, [])


def test_a_seal_over_what_somebody_is_just_adding_beside_is_refused(house: Flask) -> None:
    """One who is slow may commit an event that belongs between those that the seal lists."""
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with house.app_context(), transaction() as session:
            session.execute(text("SELECT pg_current_xact_id()"))
            begun.set()
            go_on.wait(20)

    writer = threading.Thread(target=slowly)
    writer.start()
    assert begun.wait(20)
    note(7)
    last = list(log.seals())[-1]
    found = sealing._next(db.session(), sealing._ALL, last.place, 100)
    db.session.rollback()
    assert found is not None
    stamp = Stamp(last.number + 1, AT, found[1], 3, last.hash)
    with pytest.raises(ProgrammingError, match="This seal"), transaction() as session:
        sealing._add(session, stamp, found[0])
    go_on.set()
    writer.join()
    assert seal() == 3


@pytest.mark.parametrize("table", ["events", "seals"])
@pytest.mark.parametrize("mode", ["SHARE", "ACCESS EXCLUSIVE"])
def test_the_application_cannot_lock_the_log(house: Flask, table: str, mode: str) -> None:
    with pytest.raises(DBAPIError, match="InsufficientPrivilege"), transaction() as session:
        session.execute(text(f"LOCK TABLE {table} IN {mode} MODE"))


GIVEN = "at, kind, subject, actor, visibility, data, digest, format"
PUT = [
    f"INSERT INTO events (id, {GIVEN}) OVERRIDING SYSTEM VALUE SELECT -5, {GIVEN} FROM events",
    f"INSERT INTO events (xid, {GIVEN}) SELECT '3', {GIVEN} FROM events",
    f"INSERT INTO events (xid, {GIVEN}) SELECT '9999999999', {GIVEN} FROM events",
    "UPDATE calendars SET definition = '{}'",
    "UPDATE policies SET targets = '{}'",
]


@pytest.mark.parametrize("words", PUT)
def test_the_application_puts_no_event_where_it_likes_and_edits_no_rule(
    house: Flask, words: str
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        session.execute(text(words))
