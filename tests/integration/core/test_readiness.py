"""Readiness says when nobody carries out what follows, and a start says when too much is asked."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

import prepare
from core import events, outbox, overdue
from core.clock import now
from core.database import db, transaction
from core.event_kinds import declare
from core.events import Entry
from core.running.refusal import Refused
from core.storage import connections

WAITED = declare("TEST_WAITED")
NAME = "test-readiness"
SENTENCE = "no job worker takes them"


def _told(count: int = 1) -> None:
    events.subscribe_durable(NAME, WAITED)
    with transaction():
        events.append([Entry(WAITED, "ticket:1", "system", now()) for _ in range(count)])


def _later(seconds: int) -> None:
    """As if so many seconds went by."""
    for column in ("since", "leased_until"):
        db.session.execute(
            text(f"UPDATE deliveries SET {column} = {column} - make_interval(secs => :n)"),  # noqa: S608
            {"n": seconds},
        )


@pytest.mark.usefixtures("office")
def test_notices_that_nobody_takes_for_a_minute_make_it_not_ready(client: FlaskClient) -> None:
    _told()
    _later(30)
    assert SENTENCE not in client.get("/readyz").text
    _later(40)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert SENTENCE in answer.text


def test_what_a_worker_holds_is_waited_for_as_long_as_its_lease(db_session: Session) -> None:
    _told()
    _later(70)
    assert len(outbox.take(NAME)) == 1
    assert overdue.for_readiness() is None
    _later(60 + 30)
    assert overdue.for_readiness() is None
    _later(40)
    assert overdue.for_readiness() is not None


def test_what_waits_behind_one_that_failed_is_nobodys_neglect(db_session: Session) -> None:
    _told(2)
    assert len(outbox.take(NAME, batch=1)) == 1
    db.session.execute(text("UPDATE deliveries SET since = since - interval '10 minutes'"))
    assert overdue.for_readiness() is None


def test_a_start_that_could_open_more_connections_than_there_are_is_refused(app: Flask) -> None:
    settings = app.extensions["settings"]
    most = settings.model_copy(update={"web_workers": 13})
    too_many = settings.model_copy(update={"web_workers": 64})
    with app.app_context():
        connections.demand(most)
        with pytest.raises(Refused, match=r"WEB_WORKERS=64 with POOL_SIZE=10 .* takes 150"):
            connections.demand(too_many)


def test_preparing_asks_for_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = app.extensions["settings"].model_copy(update={"web_workers": 64})
    monkeypatch.setitem(app.extensions, "settings", settings)
    with pytest.raises(Refused, match="max_connections"):
        prepare.prepare(app)
