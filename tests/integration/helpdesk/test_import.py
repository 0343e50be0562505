"""Another city's tickets come in as true history, and its own verdicts agree with our readings."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core import clock, outbox
from core.database import db
from helpdesk.imports import foreign, verdicts
from sla import tracking
from sla.models import TimerRow
from tests.integration.helpdesk.boston import BOSTON, MAPPING, SLICE, bring_in, written

pytestmark = pytest.mark.usefixtures("office")


def compared() -> int:
    with gzip.open(SLICE, "rt", newline="") as file:
        rows = list(csv.DictReader(file))
    return sum(1 for row in rows if row["TARGET_DT"] and row["CLOSED_DT"])


def test_every_verdict_of_the_city_agrees() -> None:
    done = bring_in(SLICE)
    assert (done.added, done.broken) == (1500, [])
    found = verdicts.compare(foreign.rows(SLICE, BOSTON), BOSTON)
    assert found.agreed == compared() > 900
    assert found.disagreed == found.missing == []


def test_a_second_import_changes_nothing(office: Session) -> None:
    bring_in(SLICE)
    counts = [text(f"SELECT count(*) FROM {t}") for t in ("tickets", "events", "timers")]  # noqa: S608
    before = [office.execute(c).scalar_one() for c in counts]
    again = bring_in(SLICE)
    assert (again.added, again.known) == (0, 1500)
    assert [office.execute(c).scalar_one() for c in counts] == before


def test_nobody_is_told_of_what_lies_in_the_past() -> None:
    bring_in(SLICE)
    assert outbox.waiting() == []
    late = db.session.scalars(select(TimerRow).where(TimerRow.breached_at.is_not(None))).all()
    assert late
    assert all(row.breached_at == row.due_at and row.next_action_at is None for row in late)


def test_a_rebuild_honours_the_fixed_due_date() -> None:
    bring_in(SLICE)
    subjects = list(db.session.scalars(select(TimerRow.subject).order_by(TimerRow.id).limit(200)))
    stored = tracking.timers(subjects)
    now = clock.now()
    assert all(tracking.same(stored[ref], tracking.rebuild(ref, now)) for ref in subjects)


def test_missed_promises_stand_in_the_log_where_they_happened(office: Session) -> None:
    bring_in(SLICE)
    jumps = text(
        "SELECT count(*) FROM (SELECT at < lag(at) OVER (PARTITION BY subject ORDER BY id) AS back"
        " FROM events) AS told WHERE back"
    )
    assert office.execute(jumps).scalar_one() == 0


def test_a_reading_that_is_neither_kept_nor_broken_agrees_with_no_verdict(tmp_path: Path) -> None:
    bring_in(written(tmp_path, "1,2015-01-05 10:00:00,2099-01-06 10:00:00,,,,Open,,"))
    later = written(
        tmp_path,
        "1,2015-01-05 10:00:00,2099-01-06 10:00:00,2015-01-07 10:00:00,,OVERDUE,Closed,,",
    )
    assert verdicts.compare(foreign.rows(later, BOSTON), BOSTON).disagreed == [2]


def test_the_commands_say_what_they_did(app: Flask) -> None:
    runner = app.test_cli_runner()
    how = ["--mapping", str(MAPPING)]
    said = runner.invoke(args=["import-tickets", str(SLICE), *how])
    assert said.exit_code == 0, said.output
    assert "1500 added" in said.output
    said = runner.invoke(args=["check-verdicts", str(SLICE), *how])
    assert said.exit_code == 0, said.output
    assert "0 disagreed" in said.output
