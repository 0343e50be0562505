"""Sessions that are over leave the database, with the receipts that they held."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts import guests, sessions, tidying
from accounts.models import GuestSession, Session, User
from core.clock import MovableClock
from core.database import db, transaction


def count(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.usefixtures("db_session")
def test_what_nobody_can_use_is_forgotten_and_what_is_open_stays(clock: MovableClock) -> None:
    with transaction() as session:
        person = User(
            name="Ani", email="ani@a.test", password_hash="-", roles=[], created_at=clock.at
        )
        session.add(person)
        session.flush()
        sessions.open_session(person, "old phone")
        guests.open_guest("ticket:1", b"sealed")
    clock.forward(guests.GUEST_LIFE - timedelta(seconds=1))
    assert tidying.forget_what_is_over(clock.at) == 0
    with transaction():
        guests.open_guest("ticket:2", b"sealed")
    clock.forward(timedelta(seconds=2))
    assert tidying.forget_what_is_over(clock.at) == 1
    assert db.session.scalars(select(GuestSession.ref)).all() == ["ticket:2"]
    assert count(Session) == 1
    clock.forward(timedelta(days=2))
    assert tidying.forget_what_is_over(clock.at) == 2
    assert (count(Session), count(GuestSession)) == (0, 0)
