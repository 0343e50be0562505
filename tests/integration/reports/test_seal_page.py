"""The page of the newest seal: administrators and leaders read its fingerprint, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from accounts.rules.access import Role
from core.database import db
from core.running.throwaway import Servers
from core.seals import newest, sealing
from tests.counting import statements
from tests.integration.accounts.people import sign_in, somebody
from tests.integration.core.sealed import intruder
from tests.journeys.pages import Visitor

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def leader(committed_app: Flask) -> Iterator[Visitor]:
    import prepare

    committed_app.config["WTF_CSRF_METHODS"] = []
    with committed_app.app_context():
        prepare.starting_data()
        somebody(roles=[Role.LEADER])
        visitor = Visitor(committed_app.test_client())
        sign_in(visitor.client)
        yield visitor


def count() -> int:
    return int(db.session.execute(text("SELECT count(*) FROM events")).scalar_one())


def test_before_the_first_seal_all_events_wait(leader: Visitor) -> None:
    page = leader.client.get("/segel").text
    assert "Belum ada yang disegel" in page
    assert f"<dd>{count()}</dd>" in page


def test_the_newest_seal_is_shown_with_its_fingerprint_and_what_waits(leader: Visitor) -> None:
    sealed = sealing.seal_batch(AT)
    somebody("budi@kota.example")
    found, waiting = newest.newest()
    assert found is not None and (found.covers, found.epoch, found.number) == (sealed, 1, 1)
    assert waiting == count() - sealed > 0
    page = leader.client.get("/segel").text
    groups = [found.hash[n : n + 4] for n in range(0, 64, 4)]
    assert " ".join(groups) in page
    assert f"verify-log --holds {found.hash}" in page
    assert f"<dd>{sealed}</dd>" in page and f"<dd>{waiting}</dd>" in page
    assert "24 November 2026" in page
    assert "pemulihan" not in page


def test_it_takes_one_statement(leader: Visitor) -> None:
    sealing.seal_batch(AT)
    with statements() as sent:
        newest.newest()
    assert len(sent) == 1


def test_a_restored_database_without_a_new_epoch_is_said_aloud(
    leader: Visitor, committed_app: Flask, servers: Servers
) -> None:
    sealing.seal_batch(AT)
    with intruder(committed_app, servers) as other:
        other.execute("UPDATE seals SET last_xid = '4000000000'")
    assert "seals new-epoch" in leader.client.get("/segel").text
