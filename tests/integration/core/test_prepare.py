"""One command prepares a database; until then every other ends with a sentence that names it."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import text

from core import clock
from core.config import Settings
from core.database import db
from core.running import prepared
from core.running.embedded import APPLICATION, OWNER, SUPERUSER
from core.running.refusal import Refused
from core.running.throwaway import Servers
from prepare import prepare
from tests.integration.helpdesk.boston import MAPPING, SLICE

COUNTS = ("policies", "calendars", "queues", "categories", "routes", "places", "permit_types")
COMMANDS = [
    ["rebuild-timers"],
    ["rebuild-timers", "--check"],
    ["clock", "confirm", "--yes"],
    ["calendar", "day", "2026-12-24", "closed"],
    ["calendar", "publish"],
    ["create-admin", "--email", "a@b.example", "--name", "A", "--password-stdin"],
    ["deactivate", "a@b.example"],
    ["load-permits"],
    ["import-tickets", str(SLICE), "--mapping", str(MAPPING)],
    ["check-verdicts", str(SLICE), "--mapping", str(MAPPING)],
    ["check-files"],
    ["rebuild-sightings"],
    ["rebuild-sightings", "--check"],
    ["verify-log"],
    ["seals", "new-epoch"],
]
PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": "mR7xq2LwZt9vKc4NbY8sHd3JfGp6UaEo1QiW",
    "LOOKUP_KEY": "vK3nTz8RwX5cQy1LmJ7dGf9HsBp4UaEo2WiN",
    "CONTACT_KEYS": "k1:" + base64.b64encode(bytes(range(40, 72))).decode(),
    "BASE_URL": "https://lapor.kota.example",
}


@contextmanager
def made(settings: Settings) -> Iterator[Flask]:
    from app import create_app

    found = create_app(settings=settings)
    yield found
    with found.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def empty(servers: Servers) -> Iterator[str]:
    """A database as an administrator of PostgreSQL makes it for us: owned, and with nothing in."""
    name = "not_prepared"
    servers.order(f"CREATE DATABASE {name} TEMPLATE template0 OWNER {OWNER}")
    try:
        yield name
    finally:
        servers.order(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def without_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Live sockets are the process's: an app of production would leave them to other tests."""
    monkeypatch.setattr("core.live.sockets.init", lambda app, **options: None)


def counts() -> list[int]:
    return [db.session.scalar(text(f"SELECT count(*) FROM {t}")) or 0 for t in COUNTS]  # noqa: S608


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_command_on_an_unprepared_database_ends_with_one_sentence(
    servers: Servers, empty: str, arguments: list[str]
) -> None:
    with made(servers.settings(empty)) as app:
        said = app.test_cli_runner().invoke(args=arguments)
    assert said.exit_code == 1
    assert said.output.strip().splitlines() == [
        "Error: The database is not prepared yet. Run: flask --app app prepare"
    ]


def test_no_command_was_forgotten(app: Flask) -> None:
    groups = {c.name: list(getattr(c, "commands", [])) for c in app.cli.commands.values()}
    known = {(name, sub) for name, subs in groups.items() for sub in subs or [""]}
    asked = {(a[0], a[1] if groups.get(a[0]) else "") for a in COMMANDS}
    # One prepares, the other plays on servers of its own.
    assert known - asked == {("prepare", ""), ("check-promises", "")}


def test_prepare_fills_an_empty_database_and_changes_nothing_the_second_time(
    servers: Servers, empty: str
) -> None:
    with made(servers.settings(empty)) as app:
        run = app.test_cli_runner().invoke
        assert run(args=["prepare"]).output == "The database is prepared.\n"
        with app.app_context():
            assert prepared.lacking() is None
            first = counts()
            assert all(first)
            assert db.session.scalar(text("SELECT count(*) FROM users")) == 0
            assert db.session.scalar(text("SELECT count(*) FROM tickets")) == 0
            db.session.rollback()
        assert run(args=["prepare"]).exit_code == 0
        with app.app_context():
            assert counts() == first
        assert run(args=["rebuild-timers", "--check"]).exit_code == 0


def test_two_that_prepare_at_once_take_turns(servers: Servers, empty: str) -> None:
    ended: list[str] = []

    def one(app: Flask) -> None:
        prepare(app)
        ended.append("well")

    with made(servers.settings(empty)) as first, made(servers.settings(empty)) as second:
        both = [threading.Thread(target=one, args=(app,)) for app in (first, second)]
        for each in both:
            each.start()
        for each in both:
            each.join(timeout=60)
        assert ended == ["well", "well"]
        with first.app_context():
            assert db.session.scalar(text("SELECT count(*) FROM queues")) == 4


def test_readiness_names_the_command_too(servers: Servers, empty: str) -> None:
    with made(servers.settings(empty)) as app:
        answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert any("flask --app app prepare" in words for words in answer.get_json()["wrong"])


@pytest.mark.usefixtures("without_sockets")
def test_production_takes_no_role_that_could_change_the_log(servers: Servers, empty: str) -> None:
    mighty = {"DATABASE_URL": servers.postgres.url(SUPERUSER, empty)}
    settings = servers.settings(empty, **PRODUCTION, **mighty)
    with made(settings) as app, pytest.raises(Refused, match="could change the log"):
        prepare(app)
    with made(servers.settings(empty)) as app, app.app_context():
        assert prepared.schema() is None  # it was left as it was


@pytest.mark.usefixtures("without_sockets")
def test_production_is_prepared_by_the_owner_only(servers: Servers, empty: str) -> None:
    settings = servers.settings(empty, **PRODUCTION)
    ownerless = settings.model_copy(update={"database_owner_url": None})
    with made(ownerless) as app, pytest.raises(Refused, match="DATABASE_OWNER_URL must be set"):
        prepare(app)
    with made(settings) as app:
        prepare(app)
    with made(ownerless) as app:
        prepare(app)  # nothing to migrate any more, so nobody's rights are missing


@pytest.mark.usefixtures("without_sockets")
def test_production_never_loads_demonstration_data(servers: Servers, empty: str) -> None:
    import demo
    from helpdesk.demonstration import demo as office

    with made(servers.settings(empty, **PRODUCTION)) as app:
        assert demo.prepare(app.extensions["settings"]) == []
        with app.app_context():
            with pytest.raises(Refused, match="never loaded in production"):
                office.make(clock.now(), {})
            assert db.session.scalar(text("SELECT count(*) FROM users")) == 0


def test_a_wrong_password_is_a_sentence_without_it(servers: Servers, empty: str) -> None:
    wrong = f"postgresql://{APPLICATION}:hush@/{empty}?host={servers.postgres.sockets}"
    with made(servers.settings(empty, DATABASE_URL=wrong)) as app:
        said = app.test_cli_runner().invoke(args=["rebuild-timers"])
    assert said.exit_code == 1
    assert "password authentication failed" in said.output
    assert "hush" not in said.output and "Traceback" not in said.output
