"""Screens end with their session: signing out, deactivation and another role close them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.people import deactivate, set_roles
from accounts.rules.access import Role
from core.database import transaction
from core.live.sockets import socketio
from tests.integration.accounts.people import sign_in, somebody

pytestmark = pytest.mark.usefixtures("db_session")


def test_a_stranger_gets_no_socket(app: Flask, client: FlaskClient) -> None:
    assert not socketio.test_client(app, flask_test_client=client).is_connected()


def test_an_account_without_a_role_gets_no_socket(app: Flask, client: FlaskClient) -> None:
    somebody(roles=[])
    sign_in(client)
    assert not socketio.test_client(app, flask_test_client=client).is_connected()


def _signs_out(client: FlaskClient, user_id: int) -> None:
    client.post("/keluar")


def _signs_out_everywhere(client: FlaskClient, user_id: int) -> None:
    client.post("/keluar-semua")


def _is_deactivated(client: FlaskClient, user_id: int) -> None:
    with transaction():
        deactivate(user_id, actor="system")


def _loses_a_role(client: FlaskClient, user_id: int) -> None:
    with transaction():
        set_roles(user_id, [Role.COUNTER], actor="system")


@pytest.mark.parametrize("end", [_signs_out, _signs_out_everywhere, _is_deactivated, _loses_a_role])
def test_the_screen_is_closed_when_somebody(
    app: Flask, client: FlaskClient, end: Callable[[FlaskClient, int], None]
) -> None:
    user_id = somebody().id
    sign_in(client)
    screen = socketio.test_client(app, flask_test_client=client)
    assert screen.is_connected()
    end(client, user_id)
    assert not screen.is_connected()
