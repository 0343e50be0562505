"""Another city's tickets come in as true history, and its own verdicts agree with our readings."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import clock, outbox
from core.database import db
from core.errors import Invalid
from helpdesk import importing, mapping, verdicts
from helpdesk.importing import Outcomes
from helpdesk.models import Ticket
from sla import tracking
from sla.models import TimerRow

ROOT = Path(__file__).parents[3]
SLICE = ROOT / "tests/fixtures/boston311_slice.csv.gz"
BOSTON = mapping.load(ROOT / "helpdesk/data/boston311.toml")
HEAD = "CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,CASE_TITLE,OnTime_Status"

pytestmark = pytest.mark.usefixtures("office")


def bring_in(path: Path) -> Outcomes:
    return importing.bring_in(mapping.rows(path, BOSTON), BOSTON, lambda done: None)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "rows.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n")
    return path


def compared() -> int:
    with gzip.open(SLICE, "rt", newline="") as file:
        rows = list(csv.DictReader(file))
    return sum(1 for row in rows if row["TARGET_DT"] and row["CLOSED_DT"])


def test_every_verdict_of_the_city_agrees() -> None:
    done = bring_in(SLICE)
    assert (done.added, done.broken) == (1500, [])
    found = verdicts.compare(mapping.rows(SLICE, BOSTON), BOSTON)
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


def test_broken_rows_are_named_and_stop_nothing(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "1,2015-01-05 10:00:00,2015-01-06 10:00:00,2015-01-05 12:00:00,Good,ONTIME",
        "2,gestern,,,No time,",
        ",2015-01-05 10:00:00,,,No id,",
        "4,2015-01-05 10:00:00,,2015-01-04 10:00:00,Before,",
        "5,9999-01-05 10:00:00,,,Far,",
        "6,2015-01-05 10:00:00,too,many,columns,here,now",
        "7,2015-01-05 10:00:00,,,A NUL \0 in it,",
        "1,2015-01-05 10:00:00,,,Twice,",
    )
    done = bring_in(path)
    assert done.added == 2
    assert [(b.line, b.reason.split()[0]) for b in done.broken] == [
        (3, "has"),
        (4, "has"),
        (5, "was"),
        (6, "has"),
        (7, "has"),
        (9, "has"),
    ]
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 2


def test_a_file_without_the_named_columns_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(Invalid, match="no column named"):
        bring_in(path)


def test_the_commands_say_what_they_did(app: Flask) -> None:
    runner = app.test_cli_runner()
    how = ["--mapping", str(ROOT / "helpdesk/data/boston311.toml")]
    said = runner.invoke(args=["import-tickets", str(SLICE), *how])
    assert said.exit_code == 0, said.output
    assert "1500 added" in said.output
    said = runner.invoke(args=["check-verdicts", str(SLICE), *how])
    assert said.exit_code == 0, said.output
    assert "0 disagreed" in said.output
