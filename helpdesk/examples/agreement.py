"""Play an example and say in what its timers differ: as stored, and rebuilt from the log alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from core.clock import MovableClock
from core.database import db, transaction
from core.errors import DomainError
from helpdesk.examples.cases import Case
from helpdesk.examples.names import moment
from helpdesk.examples.stage import Stage
from sla.models import TimerRow
from sla.proving import repair
from sla.rules.calendar import InvalidCalendar
from sla.rules.policy import InvalidPolicy

REFUSALS = (DomainError, InvalidCalendar, InvalidPolicy)


def differences(case: Case, clock: MovableClock) -> list[str]:
    """Sentences, none if it agrees. The database must have no policies but the example's own."""
    stage = Stage(case, clock)
    refused = False
    try:
        stage.set_up()
        stage.play()
    except REFUSALS:
        refused = True
    if isinstance(case.expect, dict):
        return [] if refused else ["It should have been refused."]
    if refused:
        return ["An act was refused."]
    clock.move_to(moment(case.as_of))
    stage.let_time_work()
    stored = [f"stored: {words}" for words in _compared(stage, case)]
    _rebuild(stage)
    return stored + [f"rebuilt: {words}" for words in _compared(stage, case)]


def _rebuild(stage: Stage) -> None:
    """Throw the timers away and let the log give them again."""
    with transaction():
        for ref in stage.refs().values():
            db.session.execute(delete(TimerRow).where(TimerRow.subject == ref))
            db.session.expire_all()
            repair.repair(ref)


def _compared(stage: Stage, case: Case) -> list[str]:
    found = stage.readings()
    wanted = {(r["ref"], r["metric"], r["cycle"]) for r in case.expect}
    told = [f"{key} is missing" for key in sorted(wanted - set(found))]
    if not case.partial:
        told += [f"{key} should not be there" for key in sorted(set(found) - wanted)]
    for row in case.expect:
        key = row["ref"], row["metric"], row["cycle"]
        if key in found:
            told += [f"{key} {words}" for words in _of_timer(stage, row, found[key])]
    return told


def _of_timer(stage: Stage, row: dict[str, Any], timer: dict[str, Any]) -> list[str]:
    pairs: list[tuple[str, object, object]] = []
    for name in ("due_at", "promised_at"):
        if name in row:
            pairs.append((name, timer[name], row[name] and moment(row[name])))
    for name in ("reading", "cause", "days_used"):
        if name in row:
            pairs.append((name, timer[name], row[name]))
    for name, at in row.get("promised_to", {}).items():
        told = timer["promised_to"].get(stage.refs()[name])
        own = timer["promised_at"] if name == row["ref"] else told and moment(told)
        pairs.append((f"promised to {name}", own, moment(at)))
    if "gaming" in row:
        pairs.append(("gaming", [*map(moment, timer["gaming"])], [*map(moment, row["gaming"])]))
    for step, at in row.get("warnings", {}).items():
        said = timer["said"].get(step)
        pairs.append((f"warning {step}", said and moment(said), at and moment(at)))
    return [
        f"{name}: {found} instead of {wanted}" for name, found, wanted in pairs if found != wanted
    ]
