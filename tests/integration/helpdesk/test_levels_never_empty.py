"""A level is never an empty room: where nobody who was named is there, the usual role is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from accounts.models import User
from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk.escalations import leaving, levels, naming
from tests.integration.helpdesk.desk import Desk
from tests.journeys.pages import person

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def wulan(clock: MovableClock) -> int:
    return person("Wulan", "wulan@kota.example", Role.SUPERVISOR)


@pytest.fixture
def sari(clock: MovableClock) -> int:
    return person("Sari", "sari@kota.example", Role.AGENT)


def leaves_the_office(user_id: int) -> None:
    with transaction():
        db.session.get_one(User, user_id).active = False


def test_a_substitute_who_left_stands_in_for_nobody(
    wulan: int, sari: int, clock: MovableClock
) -> None:
    with transaction():
        leaving.grant_leave(wulan, clock.at, clock.at + timedelta(days=3), sari, "user:1")
    assert levels.people_of(1, clock.at) == [sari]
    leaves_the_office(sari)
    assert levels.people_of(1, clock.at) == [wulan]


def test_where_all_who_were_named_left_the_usual_role_is_asked(
    app: Flask, wulan: int, sari: int, clock: MovableClock
) -> None:
    with transaction():
        naming.name(1, sari, "user:1")
    leaves_the_office(sari)
    assert levels.people_of(1, clock.at) == [wulan]
    page = Desk(app, "Agus", Role.ADMIN).get("/pengaturan/jenjang").text
    assert "tidak ada yang sedang bertugas, jadi: Pengawas" in page


def test_between_two_turns_the_usual_role_is_asked(
    wulan: int, sari: int, clock: MovableClock
) -> None:
    end = clock.at + timedelta(days=1)
    with transaction():
        naming.name(1, sari, "user:1", until=end)
        naming.name(1, sari, "user:1", since=end + timedelta(days=1))
    assert levels.people_of(1, end - timedelta(microseconds=1)) == [sari]
    assert levels.people_of(1, end) == [wulan]
    assert levels.people_of(1, end + timedelta(days=1)) == [sari]
