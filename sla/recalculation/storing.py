"""What counting on arrays found, stored in a few statements; and timers held and read for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text

from core.database import db
from sla.recalculation.stored import Kept
from sla.recalculation.straight import Straight

_MICROS = "CAST(extract(epoch FROM {0}) * 1000000 AS bigint)"
_HOLD = text(
    f"""
    SELECT id, subject, metric, cycle, policy_id, calendar_id, CAST(target AS text),
           CAST(said AS text), CAST(plan AS text), promised_to = '{{}}',
           {_MICROS.format("started_at")}, {_MICROS.format("due_at")},
           {_MICROS.format("promised_at")}, paused_at IS NOT NULL, stopped_at IS NOT NULL,
           breached_at IS NOT NULL, {_MICROS.format("next_action_at")}
    FROM timers WHERE subject = ANY(:subjects) ORDER BY id FOR UPDATE SKIP LOCKED
    """  # nosec B608 -- names of our own columns
)
_COUNT = text(
    "SELECT subject, count(*) FROM timers WHERE subject = ANY(:subjects) GROUP BY subject"
)
_MOMENT = "timestamptz 'epoch' + {0} * interval '1 microsecond'"
_DATES = text(
    f"""
    UPDATE timers t
    SET calendar_id = v.calendar, due_at = {_MOMENT.format("v.due")},
        promised_at = {_MOMENT.format("v.promised")}, plan = CAST(v.plan AS jsonb),
        next_action_at = {_MOMENT.format("v.next")}
    FROM json_to_recordset(CAST(:rows AS json)) AS v
        (id bigint, calendar integer, due bigint, promised bigint, plan text, next bigint)
    WHERE t.id = v.id
    """  # nosec B608 -- names of our own columns
)
# No index holds the calendar, so these rows are changed where they lie.
_CALENDARS = text(
    """
    UPDATE timers t SET calendar_id = v.calendar
    FROM unnest(CAST(:ids AS bigint[]), CAST(:calendars AS integer[])) AS v(id, calendar)
    WHERE t.id = v.id
    """
)


def hold(subjects: Sequence[str]) -> dict[str, list[Kept]]:
    """Their timers that nobody else holds, which are held from now on."""
    found: dict[str, list[Kept]] = {subject: [] for subject in subjects}
    for row in db.session.execute(_HOLD, {"subjects": list(subjects)}):
        found[row[1]].append(Kept(*row))
    return found


def more(stored: Mapping[str, Sequence[Kept]]) -> set[str]:
    """Those of them that have more timers than these: somebody else holds some."""
    found = db.session.execute(_COUNT, {"subjects": list(stored)})
    return {subject for subject, n in found if n > len(stored[subject])}


def store(done: Iterable[Straight]) -> None:
    """Write their timers; dates only where they are others."""
    moved, kept = [], []
    for one in done:
        kept += [(timer.id, one.calendar) for timer in one.late]
        for timer in one.counted:
            if timer.same:
                kept.append((timer.kept.id, one.calendar))
            else:
                dates = {"due": timer.due, "promised": timer.promised, "next": timer.next}
                moved.append(
                    {"id": timer.kept.id, "calendar": one.calendar, "plan": timer.plan, **dates}
                )
    if kept:
        ids, calendars = map(list, zip(*kept, strict=True))
        db.session.execute(_CALENDARS, {"ids": ids, "calendars": calendars})
    if moved:
        db.session.execute(_DATES, {"rows": json.dumps(moved)})
