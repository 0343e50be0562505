"""What tests run on: a real PostgreSQL and Valkey, an app on them, and a clock that moves.

`db_session`     the app's context; everything done in the test is rolled back afterwards
`client`         a browser; each request has a context of its own, as in life
`committed_app`  an app on a database of its own, for several processes or real commits
`clock`          stands at a Tuesday, 09.00 in Jakarta, until it is moved
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tests.servers import Servers, running


class Browser(FlaskClient):
    """Pushes a fresh context for each request, so nothing kept for one shows up in the next."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            return super().open(*args, **kwargs)


def _new_app(servers: Servers, database: str, **more: str) -> Flask:
    from app import create_app

    made = create_app(settings=servers.settings(database, **more))
    made.test_client_class = Browser
    return made


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with running() as found:
        yield found


@pytest.fixture(scope="session")
def redis_url(servers: Servers) -> str:
    return servers.valkey.url


@pytest.fixture(scope="session")
def app(servers: Servers) -> Iterator[Flask]:
    """An app in ENV=test on this test process's database."""
    from core.database import db

    with servers.cloned() as database:
        made = _new_app(servers, database)
        yield made
        with made.app_context():
            db.engine.dispose()


@pytest.fixture
def db_session(app: Flask, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """One outer transaction for the test; every session in it commits to a savepoint only."""
    from core.database import db

    with redis.Redis.from_url(redis_url) as queue:
        queue.flushall()
    with app.app_context(), db.engine.connect() as connection:
        outer = connection.begin()
        options = {"class_": _session_on(connection), "join_transaction_mode": "create_savepoint"}
        monkeypatch.setattr(db, "session", db._make_scoped_session(options))
        yield db.session()
        db.session.remove()
        outer.rollback()


def _session_on(connection: Connection) -> type[BoundSession]:
    class OnOneConnection(BoundSession):
        def get_bind(self, *args: Any, **kwargs: Any) -> Connection:
            return connection

    return OnOneConnection


@pytest.fixture
def office(db_session: Session) -> Session:
    """The starting data of a fresh system: rulebook, queues, places, catalogue."""
    import prepare

    prepare.starting_data()
    return db_session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def committed_app(servers: Servers) -> Iterator[Flask]:
    """An app on a database of its own; commits are commits, other processes may join."""
    from core.database import db

    with redis.Redis.from_url(servers.valkey.url) as queue:
        queue.flushall()
    with servers.cloned() as database:
        made = _new_app(servers, database)
        yield made
        with made.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def clock() -> Iterator[Any]:
    from core.clock import movable

    with movable(datetime(2026, 11, 24, 2, 0, tzinfo=UTC)) as moved:
        yield moved
