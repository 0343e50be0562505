"""The settled rules of promises, by their worked examples, through the real use cases.

Each case is read twice: as stored, and rebuilt from the log alone.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.clock import MovableClock
from helpdesk.examples.agreement import differences
from helpdesk.examples.cases import Case, read

FILE = Path(__file__).parent.parent / "fixtures" / "promise_examples.json"
CASES = read(FILE)
RUN = [case for case in CASES if case.missing() is None]
SKIPPED = {case.id: case.missing() for case in CASES if case.missing() is not None}


@pytest.mark.parametrize("case", RUN, ids=lambda case: case.id)
def test_the_engine_agrees_with_the_worked_example(
    case: Case, db_session: Session, clock: MovableClock
) -> None:
    assert differences(case, clock) == []


def test_every_example_is_either_run_or_named_with_what_it_waits_for() -> None:
    assert len(RUN) + len(SKIPPED) == len(CASES) == 131
    assert all(SKIPPED.values())
    print(f"\npromise examples: {len(RUN)} run; waiting for {dict(Counter(SKIPPED.values()))}")


def test_the_command_plays_a_file_and_names_what_differs(app: Flask, tmp_path: Path) -> None:
    book = json.loads(FILE.read_text())
    right, wrong = (c for c in book["cases"] if c["id"] in ("N01", "M01"))
    wrong["expect"][0]["due_at"] = "2026-12-02T09:00:01Z"
    file = tmp_path / "few.json"
    file.write_text(json.dumps({**book, "cases": [right, wrong]}))
    result = app.test_cli_runner().invoke(args=["check-promises", str(file)])
    assert result.exit_code == 1
    assert "1 agreed, 1 disagreed" in result.output
    assert f"{wrong['id']} differs" in result.output
    assert "instead of" in result.output and "rebuilt: " in result.output


def test_a_file_of_something_else_is_refused_with_a_sentence(app: Flask, tmp_path: Path) -> None:
    for words in ("[]", "{}", "no json", '{"cases": [{}]}'):
        file = tmp_path / "odd.json"
        file.write_text(words)
        result = app.test_cli_runner().invoke(args=["check-promises", str(file)])
        assert result.exit_code == 1
        assert "no file of worked examples" in result.output
