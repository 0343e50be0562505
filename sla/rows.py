"""Between the fold's timers and their stored rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, text

from core.canonical import instant
from core.database import db
from core.storage import opening
from sla import book
from sla.models import TimerRow
from sla.rules.fold import Fold
from sla.rules.timer import Timer


def next_action(timer: Timer) -> datetime | None:
    """When the sweeper must look at a timer: its next step, or its due date."""
    if not timer.live:
        return None
    moments = [at for at, _ in timer.plan[:1]]
    if not timer.late and timer.due_at is not None:
        moments.append(timer.due_at)
    return min(moments, default=None)


def row_values(subject: str, timer: Timer, now: datetime) -> dict[str, Any]:
    """The columns of a timer's row."""
    return {
        "subject": subject,
        "metric": timer.metric.value,
        "cycle": timer.cycle,
        "target": timer.target.to_dict(),
        "policy_id": timer.policy.id,
        "calendar_id": timer.calendar_id,
        "started_at": timer.started_at,
        "due_at": timer.due_at,
        "promised_at": timer.promised_at,
        "promised_to": {ref: instant(at) for ref, at in sorted(timer.promised_to.items())},
        "paused_at": timer.paused_at,
        "stopped_at": timer.stopped_at,
        "breached_at": timer.due_at if timer.late else None,
        "reading": timer.read(now).value,
        "cause": timer.cause,
        "said": {name: instant(at) for name, at in sorted(timer.said.items())},
        "plan": [[instant(at), name] for at, name in timer.plan],
        "next_action_at": next_action(timer),
    }


_INSERT = text(
    """
    INSERT INTO timers (subject, metric, cycle, target, policy_id, calendar_id, started_at, due_at,
        promised_at, promised_to, paused_at, stopped_at, breached_at, reading, cause, said, plan,
        next_action_at)
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS v(
        subject text, metric text, cycle integer, target jsonb, policy_id integer,
        calendar_id integer, started_at timestamptz, due_at timestamptz, promised_at timestamptz,
        promised_to jsonb, paused_at timestamptz, stopped_at timestamptz, breached_at timestamptz,
        reading text, cause text, said jsonb, plan jsonb, next_action_at timestamptz)
    """
)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """The same values as JSON can hold them."""
    return {k: instant(v) if isinstance(v, datetime) else v for k, v in values.items()}


def write(subject: str, state: Fold, stored: Sequence[TimerRow], at: datetime) -> None:
    """Store a fold: new cycles in one multi-row INSERT, known ones where they changed."""
    by_key = {(row.metric, row.cycle): row for row in stored}
    fresh = []
    for timer in state.timers:
        values = row_values(subject, timer, at)
        row = by_key.get((timer.metric.value, timer.cycle))
        if row is None:
            fresh.append(values)
            continue
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    known = {(timer.metric.value, timer.cycle) for timer in state.timers}
    for key, row in by_key.items():
        if key not in known:  # adopted in a merge that was undone
            db.session.delete(row)
    if fresh:
        db.session.execute(_INSERT, {"rows": json.dumps([_plain(values) for values in fresh])})


_UPDATE = text(
    """
    UPDATE timers t
    SET target = v.target, policy_id = v.policy_id, calendar_id = v.calendar_id,
        started_at = v.started_at, due_at = v.due_at, promised_at = v.promised_at,
        promised_to = v.promised_to, paused_at = v.paused_at, stopped_at = v.stopped_at,
        breached_at = v.breached_at,
        reading = v.reading, cause = v.cause, said = v.said, plan = v.plan,
        next_action_at = v.next_action_at
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS v(
        id bigint, target jsonb, policy_id integer, calendar_id integer, started_at timestamptz,
        due_at timestamptz, promised_at timestamptz, promised_to jsonb, paused_at timestamptz,
        stopped_at timestamptz, breached_at timestamptz, reading text, cause text, said jsonb,
        plan jsonb, next_action_at timestamptz)
    WHERE t.id = v.id
    """
)


def write_many(states: Sequence[tuple[str, Fold, Sequence[Any]]], at: datetime) -> None:
    """Store the folds of many subjects in two statements; each with its stored rows as they are.
    What the session holds of these rows is out of date after it."""
    fresh: list[dict[str, Any]] = []
    known: list[dict[str, Any]] = []
    for subject, state, stored in states:
        by_key = {(row.metric, row.cycle): row.id for row in stored}
        for timer in state.timers:
            ident = by_key.get((timer.metric.value, timer.cycle))
            if ident is None:
                fresh.append(_plain(row_values(subject, timer, at)))
            elif timer.live or timer.stopped_at == at:
                known.append({**_plain(row_values(subject, timer, at)), "id": ident})
    for statement, rows in ((_INSERT, fresh), (_UPDATE, known)):
        if rows:
            db.session.execute(statement, {"rows": json.dumps(rows)})


def hold(which: ColumnElement[bool]) -> list[Any]:
    """Lock the timers of an act's subjects. A use case takes its `at` after this: no sweeper can
    then find one late behind its back that the act, dated before, has still stopped in time.
    Returns of those that run: subject, policy and calendar. If they were moved while their locks
    were waited for, the rules that this transaction has read are out of date and read anew."""
    columns = (TimerRow.subject, TimerRow.policy_id, TimerRow.calendar_id, TimerRow.stopped_at)
    asked = select(TimerRow.id, *columns).where(which).order_by(TimerRow.id).with_for_update()
    found = [row for row in db.session.execute(asked) if row.stopped_at is None]
    if not all(book.current().knows(row.policy_id, row.calendar_id) for row in found):
        opening.forget()
    return found
