"""People for tests, and signing them in."""

from __future__ import annotations

from collections.abc import Iterable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.joining import create_user, newcomer
from accounts.models import User
from accounts.rules.access import Role
from core.database import transaction

GOOD = "kuda benar baterai jepit"
OTHER = "sebuah kucing oranye di atap"


def somebody(email: str = "sari@kota.example", roles: Iterable[Role] = (Role.AGENT,)) -> User:
    """Add an account whose password is GOOD."""
    who = newcomer(name="Sari Wulandari", email=email, password=GOOD)
    with transaction():
        return create_user(who, roles=roles)


def sign_in(
    client: FlaskClient, email: str = "sari@kota.example", password: str = GOOD, **more: str
) -> TestResponse:
    return client.post("/masuk", data={"email": email, "password": password, **more})
