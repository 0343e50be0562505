"""Guests' sessions, and guesses that stay counted whatever the request undoes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts import guests, throttle
from accounts.models import Attempt
from accounts.throttle import Limit
from core.clock import MovableClock
from core.database import db, transaction
from core.errors import NotFound, TooMany

pytestmark = pytest.mark.usefixtures("db_session")


def _wrong(*limits: Limit) -> None:
    with pytest.raises(NotFound), throttle.counted(*limits), transaction():
        raise NotFound()


def test_a_guest_opens_one_thing_and_nothing_else() -> None:
    with transaction():
        token = guests.open_guest("ticket:12", receipt=b"sealed")
    found = guests.guest_of(token)
    assert found is not None and found.ref == "ticket:12" and found.session_key.startswith("g:")
    assert guests.receipt_of(token) == b"sealed"
    assert guests.guest_of(token[:-1]) is None
    assert guests.guest_of("") is None


def test_a_guest_session_is_over_after_its_hours(clock: MovableClock) -> None:
    with transaction():
        token = guests.open_guest("ticket:12")
    clock.forward(guests.GUEST_LIFE + timedelta(seconds=1))
    assert guests.guest_of(token) is None


def test_an_ended_guest_is_out_at_once_and_alone() -> None:
    with transaction():
        one, other = (guests.open_guest("ticket:12") for _ in range(2))
    with transaction():
        guests.end_guest(one)
    assert [guests.guest_of(token) is None for token in (one, other)] == [True, False]


def test_a_wrong_guess_stays_counted_although_the_request_was_undone() -> None:
    _wrong(Limit("code", "K7QF2M9X4R"))
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_right_guess_is_taken_back() -> None:
    with throttle.counted(Limit("code", "A")), transaction():
        pass
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_each_key_and_kind_is_counted_by_itself() -> None:
    for _ in range(3):
        _wrong(Limit("code", "A", most=3))
    with pytest.raises(TooMany) as caught, throttle.counted(Limit("code", "A", most=3)):
        pytest.fail("the guess was looked at")
    assert 0 < caught.value.wait <= 301
    _wrong(Limit("code", "B", most=3))
    _wrong(Limit("pin", "A", most=3))


def test_a_guess_that_one_limit_refuses_uses_up_no_other() -> None:
    _wrong(Limit("all", "", most=1))
    before = db.session.scalar(select(func.count()).select_from(Attempt))
    with pytest.raises(TooMany), throttle.counted(Limit("code", "A"), Limit("all", "", most=1)):
        pytest.fail("the guess was looked at")
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == before


def test_room_comes_back_as_old_guesses_leave_the_window(clock: MovableClock) -> None:
    limit = Limit("code", "A", most=2)
    _wrong(limit)
    clock.forward(timedelta(minutes=4))
    _wrong(limit)
    with pytest.raises(TooMany), throttle.counted(limit):
        pass
    clock.forward(timedelta(minutes=1, seconds=1))
    _wrong(limit)
    with pytest.raises(TooMany), throttle.counted(limit):
        pass


def test_old_guesses_are_forgotten(clock: MovableClock) -> None:
    _wrong(Limit("code", "A"))
    clock.forward(throttle.KEPT + timedelta(seconds=1))
    _wrong(Limit("code", "A"))
    with transaction():
        assert throttle.forget(clock.at) == 1


def test_the_table_holds_no_code_or_address_in_clear() -> None:
    _wrong(Limit("login", "sari@kota.example"))
    row = db.session.scalars(select(Attempt)).one()
    assert len(row.key_hash) == 32 and b"sari" not in row.key_hash
