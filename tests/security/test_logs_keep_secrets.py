"""Nothing that people typed, no code and no PIN ever stands in a log, an event or an error page."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from accounts.models import User
from core import clock
from core.database import db
from core.events import Event
from core.logs import JsonLines
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")

TYPED = {
    "text": "Tetangga saya Rudi Hartono meminta uang.",
    "name": "Siti Rahmawati",
    "phone": "0812 3456 7890",
    "email": "siti.rahmawati@warga.example",
}
SAID = ["Rudi Hartono", "Siti Rahmawati", "siti.rahmawati", "34567890", "3456 7890"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that this process says, down to the smallest, as it would stand in its log."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def citizen(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def test_filing_and_following_a_report_leaves_no_word_of_it_in_the_log(
    citizen: Visitor, log: io.StringIO
) -> None:
    assert citizen.report(**TYPED).status_code == 303
    code, pin = citizen.code_and_pin()
    citizen.come_back(code, pin)
    wrong = citizen.send("/lacak", "/lacak", code=code, pin="000000")
    citizen.send("/laporan-saya", "/laporan-saya/pesan", text=TYPED["text"])
    secrets = [code, code.replace("-", ""), pin, pin.replace(" ", "")]
    for word in [*SAID, *secrets]:
        assert word not in log.getvalue()
    assert pin not in wrong.text


def test_an_error_of_the_database_tells_no_log_and_no_page_what_was_typed(
    app: Flask, citizen: Visitor, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpdesk import filing

    def broken(*_: object) -> None:
        db.session.execute(text("SELECT :words + 1 FROM nowhere"), {"words": TYPED["text"]})

    monkeypatch.setattr(filing, "file", broken)
    answer = citizen.report(**TYPED)
    assert answer.status_code == 500
    assert '"trace"' in log.getvalue()
    for word in [*SAID, "nowhere"]:
        assert word not in answer.text
    for word in SAID:
        assert word not in log.getvalue()


def test_a_row_that_the_database_refused_is_not_repeated(log: io.StringIO) -> None:
    words = "INSERT INTO users (id, name, email, password_hash, created_at) OVERRIDING SYSTEM VALUE"
    values = {"name": "Rudi\nHartono", "email": TYPED["email"]}
    for refused in (":id, :name, :email, 'x', now()", ":id, NULL, :email, 'x', now()"):
        for ident in (991, 991):
            try:
                with db.session.begin_nested():
                    db.session.execute(text(f"{words} VALUES ({refused})"), {"id": ident, **values})
            except IntegrityError:
                logging.getLogger("core.pages.problems").exception("refused")
    assert log.getvalue().count("sqlstate=23") >= 2
    assert "DETAIL" not in log.getvalue()
    for word in ("Hartono", TYPED["email"]):
        assert word not in log.getvalue()


def _twice(name: str, email: str) -> None:
    for _ in range(2):
        db.session.add(User(name=name, email=email, password_hash="x", created_at=clock.now()))
        db.session.flush()


def _no_number(typed: str) -> None:
    db.session.execute(text("SELECT CAST(:typed AS integer)"), {"typed": typed})


def test_of_an_error_of_the_database_codes_are_told_and_never_a_value(log: io.StringIO) -> None:
    # Put together here, for a trace shows the lines of the source.
    name, email = "".join(["Zul", "kifli"]), "".join(["zul", "kifli@", "warga.example"])
    for refused in (lambda: _twice(name, email), lambda: _no_number(email)):
        try:
            with db.session.begin_nested():
                refused()
        except DBAPIError:
            logging.getLogger("test").exception("a bug")
    said = log.getvalue()
    assert "zulkifli" not in said.casefold()
    for told in ("sqlstate=23505 constraint=uq_users_email", "sqlstate=22P02", "in _no_number"):
        assert told in said
    assert "The above exception was the direct cause" in json.loads(said.splitlines()[-1])["trace"]


def test_a_log_line_stays_one_line_whatever_a_path_holds(
    citizen: Visitor, log: io.StringIO, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("x")

    monkeypatch.setitem(app.view_functions, "permits.permit", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    citizen.get('/izin/a%0a%7b"level":"INFO"%7d')
    lines = [line for line in log.getvalue().splitlines() if "met a person" in line]
    assert len(lines) == 1
    assert json.loads(lines[0])["level"] == "ERROR"


def test_events_of_a_report_hold_no_word_of_it(citizen: Visitor) -> None:
    citizen.report(**TYPED)
    citizen.send("/laporan-saya", "/laporan-saya/pesan", text=TYPED["text"])
    kept = json.dumps([dict(data) for data in db.session.scalars(select(Event.data))])
    for word in [*SAID, *citizen.code_and_pin()]:
        assert word not in kept
