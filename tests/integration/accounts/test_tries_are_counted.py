"""Wrong passwords are counted, by address and over all; nobody is locked out by a stranger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import cookies
from accounts.models import Attempt
from core.clock import MovableClock
from core.database import db
from tests.integration.accounts.people import sign_in, somebody

pytestmark = pytest.mark.usefixtures("db_session")


def test_the_eleventh_wrong_password_is_not_even_looked_at(
    app: Flask, client: FlaskClient, clock: MovableClock
) -> None:
    somebody()
    for _ in range(10):
        assert sign_in(client, password="salah sekali ini").status_code == 422
    refused = sign_in(client)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert "sari@kota.example" in refused.text
    clock.forward(timedelta(minutes=5, seconds=1))
    assert sign_in(client).status_code == 303


def test_unknown_addresses_are_counted_alike(client: FlaskClient) -> None:
    codes = [sign_in(client, "tidak@ada.example", "x").status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]


def test_a_stranger_cannot_lock_the_owner_out_of_their_own_device(
    app: Flask, client: FlaskClient
) -> None:
    somebody()
    sign_in(client)
    client.post("/keluar")
    stranger = app.test_client()
    for _ in range(11):
        sign_in(stranger, password="salah sekali ini")
    assert sign_in(stranger).status_code == 429
    assert sign_in(client).status_code == 303


def test_a_forged_device_cookie_is_worth_nothing(app: Flask, client: FlaskClient) -> None:
    somebody()
    client.set_cookie(cookies.DEVICE, '["0123456789abcdef"].forged.forged')
    for _ in range(10):
        sign_in(client, password="salah sekali ini")
    assert sign_in(client).status_code == 429


def test_above_the_overall_limit_unknown_devices_wait(
    app: Flask, client: FlaskClient, monkeypatch: Any
) -> None:
    somebody()
    sign_in(client)
    client.post("/keluar")
    monkeypatch.setitem(app.config, "LIMITS", {"login-all": 3})
    stranger = app.test_client()
    codes = [sign_in(stranger, f"a{n}@ada.example", "x").status_code for n in range(4)]
    assert codes == [422, 422, 422, 429]
    assert sign_in(client).status_code == 303


def test_right_passwords_use_up_no_tries(client: FlaskClient) -> None:
    somebody()
    for _ in range(12):
        assert sign_in(client).status_code == 303
    assert db.session.scalars(select(Attempt)).all() == []
