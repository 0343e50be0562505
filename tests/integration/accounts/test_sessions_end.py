"""What ends a session: signing out, time, a new password, or whoever sets people up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import cookies
from accounts.models import Session
from accounts.people import deactivate, set_roles
from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from tests.integration.accounts.people import GOOD, OTHER, sign_in, somebody

pytestmark = pytest.mark.usefixtures("db_session")


def test_signing_in_again_ends_the_session_before(client: FlaskClient) -> None:
    somebody()
    sign_in(client)
    first = client.get_cookie(cookies.SESSION)
    sign_in(client)
    second = client.get_cookie(cookies.SESSION)
    assert first is not None and second is not None and first.value != second.value
    rows = db.session.scalars(select(Session).order_by(Session.created_at)).all()
    assert [row.ended_at is None for row in rows].count(True) == 1


def test_signing_out_ends_this_session_only(app: Flask, client: FlaskClient) -> None:
    somebody()
    phone = app.test_client()
    sign_in(client)
    sign_in(phone)
    assert client.post("/keluar").status_code == 303
    assert client.get("/akun").status_code == 302
    assert phone.get("/akun").status_code == 200


def test_a_token_kept_after_signing_out_opens_nothing(client: FlaskClient) -> None:
    somebody()
    sign_in(client)
    kept = client.get_cookie(cookies.SESSION)
    assert kept is not None
    client.post("/keluar")
    client.set_cookie(cookies.SESSION, kept.value)
    assert client.get("/akun").status_code == 302


def test_everywhere_means_every_device(app: Flask, client: FlaskClient) -> None:
    somebody()
    phone = app.test_client()
    sign_in(client)
    sign_in(phone)
    assert client.post("/keluar-semua").status_code == 303
    assert [c.get("/akun").status_code for c in (client, phone)] == [302, 302]


def test_deactivation_shuts_every_device_at_once(app: Flask, client: FlaskClient) -> None:
    user = somebody()
    sign_in(client)
    with transaction():
        deactivate(user.id, actor="system")
    assert client.get("/akun").status_code == 302
    assert sign_in(client).status_code == 422


def test_a_role_that_was_taken_is_gone_with_the_next_page(client: FlaskClient) -> None:
    somebody("kepala@kota.example", [Role.ADMIN])
    user = somebody(roles=[Role.ADMIN])
    sign_in(client)
    assert client.get("/orang").status_code == 200
    with transaction():
        set_roles(user.id, [Role.AGENT], actor="system")
    assert client.get("/orang").status_code == 403


def test_a_session_ends_by_itself(client: FlaskClient, clock: MovableClock) -> None:
    somebody()
    sign_in(client)
    for _ in range(4):
        clock.forward(timedelta(hours=2, minutes=50))
        assert client.get("/akun").status_code == 200
    clock.forward(timedelta(hours=2))
    assert client.get("/akun").status_code == 302


def test_an_idle_session_ends_sooner(client: FlaskClient, clock: MovableClock) -> None:
    somebody()
    sign_in(client)
    clock.forward(timedelta(hours=3, minutes=1))
    assert client.get("/akun").status_code == 302


def test_a_new_password_ends_the_other_devices(app: Flask, client: FlaskClient) -> None:
    somebody()
    phone = app.test_client()
    sign_in(client)
    sign_in(phone)
    answer = client.post("/akun", data={"old": GOOD, "new": OTHER, "again": OTHER})
    assert answer.status_code == 303
    assert (client.get("/akun").status_code, phone.get("/akun").status_code) == (200, 302)
    assert sign_in(phone).status_code == 422
    assert sign_in(phone, password=OTHER).status_code == 303


@pytest.mark.parametrize(
    "typed",
    [
        {"old": "salah sekali ini", "new": OTHER, "again": OTHER},
        {"old": GOOD, "new": "pendek", "again": "pendek"},
        {"old": GOOD, "new": OTHER, "again": OTHER + "x"},
        {"old": GOOD, "new": "sari wulandari kota 1", "again": "sari wulandari kota 1"},
        {},
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    client: FlaskClient, typed: dict[str, str]
) -> None:
    somebody()
    sign_in(client)
    assert client.post("/akun", data=typed).status_code == 422
    assert sign_in(client).status_code == 303
