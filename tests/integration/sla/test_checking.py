"""Timers of many subjects are compared with the log in spans, beside each other."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from core.database import db, transaction
from sla.proving import checking
from tests.counting import statements
from tests.integration.helpdesk.desk import report

TAMPERED = text("UPDATE timers SET due_at = due_at + interval '1 second' WHERE subject = :ref")


def found(processes: int) -> tuple[int, set[str]]:
    spans = list(checking.check(processes))
    return sum(seen for seen, _ in spans), {one for _, wrong in spans for one in wrong}


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("count", [2, 12])
def test_a_span_takes_three_statements_however_many_it_holds(count: int) -> None:
    for _ in range(count):
        report()
    spans = list(checking.told.spans(checking.BATCH))
    checking.differing(spans[-1])  # the rulebook is read
    with statements() as sent:
        assert checking.differing(spans[-1]) == (count, [])
    assert len([one for one, _ in sent if "FROM marks" not in one]) <= 3


def test_every_span_is_looked_through_once_whoever_does_it(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    import prepare

    monkeypatch.setattr(checking, "BATCH", 2)
    with committed_app.app_context():
        prepare.starting_data()
        refs = [report().ref for _ in range(11)]
        assert found(1) == found(3) == (11, set())
        wrong = {refs[0], refs[5], refs[10]}
        with transaction() as session:
            for ref in wrong:
                session.execute(TAMPERED, {"ref": ref})
        assert found(1) == found(3) == (11, wrong)


def test_timers_that_no_log_tells_of_are_found(committed_app: Flask) -> None:
    import prepare

    with committed_app.app_context():
        prepare.starting_data()
        report()
        with transaction() as session:
            session.execute(
                text(
                    "INSERT INTO timers (subject, metric, cycle, target, policy_id, calendar_id,"
                    " started_at, reading) SELECT 'ticket:' || n, metric, 9, target, policy_id,"
                    " calendar_id, started_at, reading FROM timers, (VALUES (0), (9999)) v(n)"
                    " WHERE metric = 'RESOLUTION'"
                )
            )
        assert found(1) == (3, {"ticket:0", "ticket:9999"})
        run = committed_app.test_cli_runner().invoke
        assert run(args=["rebuild-timers", "--check"]).exit_code == 1
        assert run(args=["rebuild-timers"]).exit_code == 0
        db.session.remove()
        again = run(args=["rebuild-timers", "--check", "--processes", "2"])
        assert (again.exit_code, again.stdout) == (0, "1 subjects, 0 different\n")
        assert "subjects" in again.stderr
