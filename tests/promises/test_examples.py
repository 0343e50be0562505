"""The settled rules of promises, by their worked examples, through the real use cases.

Each case is read twice: as stored, and rebuilt from the log alone.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.clock import MovableClock
from core.errors import DomainError
from sla import tracking
from sla.rules.calendar import InvalidCalendar
from sla.rules.policy import InvalidPolicy
from tests.promises.examples import RUN, SKIPPED, Case, cases
from tests.promises.stage import Stage, moment


@pytest.mark.parametrize("case", RUN, ids=lambda case: case.id)
def test_the_engine_agrees_with_the_worked_example(
    case: Case, db_session: Session, clock: MovableClock
) -> None:
    stage = Stage(case, clock)
    if isinstance(case.expect, dict):
        with pytest.raises((DomainError, InvalidCalendar, InvalidPolicy)):
            stage.set_up()
            stage.play()
        return
    stage.set_up()
    stage.play()
    clock.move_to(moment(case.as_of))
    stage.let_time_work()
    _agrees(stage, case.expect, case.partial)
    for ref in stage.refs().values():
        assert tracking.same(tracking.timers([ref])[ref], tracking.rebuild(ref, clock.at))


def _agrees(stage: Stage, expected: list[dict[str, Any]], partial: bool) -> None:
    found = stage.readings()
    wanted = {(r["ref"], r["metric"], r["cycle"]) for r in expected}
    assert wanted <= set(found) if partial else wanted == set(found)
    for row in expected:
        timer = found[row["ref"], row["metric"], row["cycle"]]
        for name in ("due_at", "promised_at"):
            if name in row:
                wanted = row[name] and moment(row[name])
                assert timer[name] == wanted, (name, timer)
        for name in ("reading", "cause", "days_used"):
            if name in row:
                assert timer[name] == row[name], (name, timer)
        for name, at in row.get("promised_to", {}).items():
            told = timer["promised_to"].get(stage.refs()[name])
            own = timer["promised_at"] if name == row["ref"] else told and moment(told)
            assert own == moment(at), (name, timer)
        if "gaming" in row:
            assert [moment(at) for at in timer["gaming"]] == [moment(at) for at in row["gaming"]]
        for step, at in row.get("warnings", {}).items():
            said = timer["said"].get(step)
            assert (said and moment(said)) == (at and moment(at)), (step, timer)


def test_every_example_is_either_run_or_named_with_what_it_waits_for() -> None:
    assert len(RUN) + len(SKIPPED) == len(cases()) == 131
    assert all(SKIPPED.values())
    print(f"\npromise examples: {len(RUN)} run; waiting for {dict(Counter(SKIPPED.values()))}")
