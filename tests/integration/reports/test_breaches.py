"""The breach report: its figures, its pages, its file, and what it does with nonsense."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from accounts.rules.access import Role
from core import clock
from core.database import db
from core.i18n import hours_words, local, span_words
from helpdesk import foreign, importing, mapping
from reports import breaches
from reports.files import safe
from reports.periods import Period
from sla.models import TimerRow
from tests.integration.accounts.people import sign_in, somebody

ROOT = Path(__file__).parents[3]
SLICE = ROOT / "tests/fixtures/boston311_slice.csv.gz"
BOSTON = mapping.load(ROOT / "helpdesk/data/boston311.toml")
ALL = Period(date(2015, 1, 1), date(2017, 12, 31))
ALL_TIME = "from=2015-01-01&to=2017-12-31"


@pytest.fixture
def imported(office: Session) -> Session:
    importing.bring_in(foreign.rows(SLICE, BOSTON), BOSTON, lambda done: None)
    return office


@pytest.fixture
def supervisor(app: Flask, imported: Session, client: FlaskClient) -> Iterator[FlaskClient]:
    before = app.config["WTF_CSRF_METHODS"]
    app.config["WTF_CSRF_METHODS"] = []
    somebody(roles=[Role.SUPERVISOR])
    sign_in(client)
    yield client
    app.config["WTF_CSRF_METHODS"] = before


def broken() -> int:
    return db.session.execute(
        select(func.count()).where(
            TimerRow.breached_at >= ALL.start, TimerRow.breached_at < ALL.end
        )
    ).scalar_one()


@pytest.mark.usefixtures("imported")
def test_pages_hold_every_breach_once_newest_first() -> None:
    rows = [row for part in breaches.every(ALL, 40) for row in part]
    keys = [(row.due_at, row.timer_id) for row in rows]
    assert len(rows) == broken() > 40
    assert keys == sorted(set(keys), reverse=True)


def test_the_page_says_lateness_in_all_hours_and_in_office_hours(supervisor: FlaskClient) -> None:
    row = next(one for part in breaches.every(ALL) for one in part if one.stopped_at)
    day, now = local(row.due_at).date(), clock.now()
    page = supervisor.get(f"/pengawas/pelanggaran?from={day}&to={day}").text
    assert row.late_at_work(now) < row.late(now)
    shown = next(part for part in page.split("<tr ") if row.number in part)
    assert span_words(row.late(now)) in shown
    assert f"{hours_words(row.late_at_work(now))} jam kerja" in shown


@pytest.mark.usefixtures("imported")
def test_the_totals_count_what_the_pages_show() -> None:
    found = breaches.totals(ALL)
    rows = [row for part in breaches.every(ALL) for row in part]
    assert found.broken == len(rows)
    assert found.owed == sum(1 for row in rows if row.stopped_at is None)
    assert found.tickets == len({row.number for row in rows})


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("size", [5, 50])
def test_page_and_totals_take_three_statements_at_any_size(size: int) -> None:
    said: list[str] = []

    def hear(conn: object, cursor: object, statement: str, *rest: object) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        breaches.page(ALL, limit=size)
        breaches.totals(ALL)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    assert len([s for s in said if "SAVEPOINT" not in s]) == 3


def test_the_file_has_a_line_for_each_breach(supervisor: FlaskClient) -> None:
    answer = supervisor.get(f"/pengawas/pelanggaran.csv?{ALL_TIME}")
    lines = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert len(lines) == broken()
    assert all(int(line["late_minutes"]) >= 0 for line in lines)
    assert all(int(x["late_office_minutes"]) <= int(x["late_minutes"]) for x in lines)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell) == "'" + cell


@pytest.mark.parametrize(
    "query",
    [
        "from=gestern",
        "to=9999-12-31",
        "from=2016-02-02&to=2016-02-01",
        "dari=!!",
        "dari=" + base64.urlsafe_b64encode(b'["2015-01-01T00:00:00Z", Infinity]').decode(),
    ],
)
def test_nonsense_gets_a_sentence(supervisor: FlaskClient, query: str) -> None:
    assert supervisor.get(f"/pengawas/pelanggaran?{query}").status_code == 422


@pytest.mark.parametrize("query", ["metric=%00", "metric=NONE", "queue=x", "queue=999999999"])
def test_filters_that_name_nothing_are_no_bug(supervisor: FlaskClient, query: str) -> None:
    assert supervisor.get(f"/pengawas/pelanggaran?{ALL_TIME}&{query}").status_code == 200
