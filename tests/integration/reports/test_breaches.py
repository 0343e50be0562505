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
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.rules.access import Role
from core import clock
from core.database import db
from core.i18n import hours_words, local, span_words
from helpdesk.imports import foreign, importing, mapping
from helpdesk.setup import office
from reports import breaches, figures
from reports.files import safe
from reports.periods import Period
from sla.models import TimerRow
from tests.counting import statements
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


def everywhere() -> frozenset[int]:
    return frozenset(office.queues())


def broken() -> int:
    return db.session.execute(
        select(func.count()).where(
            TimerRow.breached_at >= ALL.start, TimerRow.breached_at < ALL.end
        )
    ).scalar_one()


@pytest.mark.usefixtures("imported")
def test_pages_hold_every_breach_once_newest_first() -> None:
    rows = [row for part in breaches.every(ALL, everywhere(), 40) for row in part]
    keys = [(row.due_at, row.timer_id) for row in rows]
    assert len(rows) == broken() > 40
    assert keys == sorted(set(keys), reverse=True)


def test_the_page_says_lateness_in_all_hours_and_in_office_hours(supervisor: FlaskClient) -> None:
    row = next(
        one for part in breaches.every(ALL, everywhere(), 500) for one in part if one.stopped_at
    )
    day, now = local(row.due_at).date(), clock.now()
    page = supervisor.get(f"/pengawas/pelanggaran?from={day}&to={day}").text
    assert row.late_at_work(now) < row.late(now)
    shown = next(part for part in page.split("<tr ") if row.number in part)
    assert span_words(row.late(now)) in shown
    assert f"{hours_words(row.late_at_work(now))} waktu kerja" in shown


@pytest.mark.usefixtures("imported")
def test_the_totals_count_what_the_pages_show() -> None:
    found = figures.totals(ALL, everywhere())
    rows = [row for part in breaches.every(ALL, everywhere(), 500) for row in part]
    assert found.broken == len(rows)
    assert found.owed == sum(1 for row in rows if row.stopped_at is None)
    assert found.tickets == len({row.number for row in rows})


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("size", [5, 50])
def test_page_and_totals_take_three_statements_at_any_size(size: int) -> None:
    queues = everywhere()
    with statements() as sent:
        breaches.page(ALL, queues, limit=size)
        figures.totals(ALL, queues)
    assert len(sent) == 3


@pytest.mark.usefixtures("imported")
def test_counts_by_queue_add_up_to_the_total_in_one_statement() -> None:
    queues = everywhere()
    with statements() as sent:
        counts = figures.by_queue(ALL, queues)
    assert sum(one.broken for one in counts) == broken() and len(sent) == 1


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
