"""What tests run on: a real PostgreSQL and Valkey, an app on them, and a clock that moves.

`db_session`     the app's context; everything done in the test is rolled back afterwards
`office`         the same where a fresh system's starting data lie already
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
from sqlalchemy.orm import Session

from core.rehearsal import undone
from core.running.embedded import APPLICATION
from core.running.throwaway import Servers, running

pytest_plugins = ["tests.turns"]


class Browser(FlaskClient):
    """Pushes a fresh context for each request, so nothing kept for one shows up in the next."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            return super().open(*args, **kwargs)


TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
OFFICE = "office"  # names the database that has the starting data, beside the app's own


def _new_app(servers: Servers, database: str, office: str | None = None) -> Flask:
    from app import create_app

    binds = {OFFICE: servers.postgres.url(APPLICATION, office)} if office else {}
    made = create_app({"SQLALCHEMY_BINDS": binds}, servers.settings(database))
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
    """An app in ENV=test on this test process's databases: an empty one, and the office's."""
    from core.database import db

    with servers.cloned() as database, servers.cloned() as office:
        _fill(servers, office)
        made = _new_app(servers, database, office)
        yield made
        with made.app_context():
            for engine in db.engines.values():
                engine.dispose()


def _fill(servers: Servers, database: str) -> None:
    """Add the starting data, once for all tests: doing it takes longer than most of them."""
    import prepare
    from core.clock import movable
    from core.database import db

    # No test is earlier, whether it moves the clock or not.
    with movable(min(datetime.now(UTC), TUESDAY)), _new_app(servers, database).app_context():
        prepare.starting_data()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def db_session(
    app: Flask, redis_url: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """One outer transaction for the test; every session in it commits to a savepoint only."""
    from argon2 import PasswordHasher

    from accounts import passwords
    from core.database import db

    with redis.Redis.from_url(redis_url) as queue:
        queue.flushall()
    # As strong as in earnest they would be much of the time of tests that sign in.
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 64, 1))
    if "office" in request.fixturenames:
        with app.app_context():
            monkeypatch.setitem(db.engines, None, db.engines[OFFICE])
    with app.app_context(), undone() as session:
        yield session


@pytest.fixture
def office(db_session: Session) -> Session:
    """The starting data of a fresh system: rulebook, queues, places, catalogue."""
    from sla import seed

    assert seed.sown()  # asked for by name, not by getfixturevalue: db_session must know
    db_session.rollback()
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

    with movable(TUESDAY) as moved:
        yield moved
