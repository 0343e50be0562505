"""Calendars and policies are published: a next revision or version, and what is open follows.

Neither is ever edited. A calendar's facts always move what is open; a policy's version only if
that is asked for (promises, section 5.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from core import events
from core.canonical import Value
from core.database import db
from core.event_kinds import Kind
from core.events import Entry
from sla.kinds import CALENDAR_PUBLISHED, POLICY_PUBLISHED
from sla.models import CalendarRevision, PolicyVersion
from sla.policies import checking, order
from sla.policies.order import newest_calendar as newest_calendar
from sla.recalculation import moves, reach
from sla.rules.calendar import Calendar

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


def publish_calendar(
    key: str, name: str, form: Mapping[str, Any], at: datetime, actor: str = "system"
) -> int:
    """Store a new revision if the calendar says something new, and order the move to it; returns
    the revision's id. Raises InvalidCalendar for one that cannot be promised on."""
    calendar = Calendar.from_dict(form)
    # Of two who publish at once the second looks at what the first has made.
    db.session.execute(_ONE_BY_ONE, {"what": f"calendar:{key}"})
    last = newest_calendar(key)
    if last is not None and last.definition == form:
        return last.id
    row = CalendarRevision(
        key=key,
        revision=last.revision + 1 if last else 1,
        name=name,
        definition=dict(form),
        made_at=at,
    )
    db.session.add(row)
    db.session.flush()
    made = {"revision": row.revision} | ({"was": last.id} if last else {})
    events.append([Entry(CALENDAR_PUBLISHED, f"calendar:{row.id}", actor, at, made)])
    if last is not None:
        since = reach.since(Calendar.from_dict(last.definition), calendar, at)
        moves.begin(f"calendar:{row.id}", actor, at, since=since)
    return row.id


@dataclass(frozen=True, slots=True)
class Draft:
    """What a policy is to say; None leaves it as the version before says."""

    name: str | None = None
    position: int | None = None
    calendar_key: str | None = None
    conditions: Mapping[str, Any] | None = None
    targets: Mapping[str, Any] | None = None
    steps: Mapping[str, Any] | None = None
    hold_pauses: bool | None = None
    retired: bool | None = None


COLUMNS = (
    "name", "position", "calendar_key", "conditions", "targets", "steps", "hold_pauses", "retired",
)  # fmt: skip


def publish_policy(
    key: str,
    draft: Draft,
    *,
    valid_from: datetime,
    apply_to_open: bool,
    at: datetime,
    actor: str = "system",
    kind: Kind = POLICY_PUBLISHED,
    told: Mapping[str, Value] | None = None,
    replacing: bool = False,
) -> int:
    """The next version of a policy (the first of a new one); returns its id.

    It binds what is filed from its date on, which lies at or after `at`; what is open then only
    if asked for. Raises Invalid with a sentence for a version that cannot be promised. `kind` and
    `told`: the event that says so, and what else it tells. `replacing`: a version that waits for
    its date falls away for it.
    """
    order.hold()
    wanted = select(PolicyVersion).where(PolicyVersion.key == key)
    last = db.session.scalars(wanted.order_by(PolicyVersion.version.desc()).limit(1)).first()
    values = {name: getattr(draft, name) for name in COLUMNS if getattr(draft, name) is not None}
    if last is not None:
        values = {name: getattr(last, name) for name in COLUMNS} | values
    row = PolicyVersion(
        key=key,
        version=last.version + 1 if last else 1,
        valid_from=valid_from,
        for_open=apply_to_open,
        **values,
    )
    checking.check(row, last, at, replacing)
    db.session.add(row)
    db.session.flush()
    data: dict[str, Value] = {"version": row.version, "for_open": int(apply_to_open)}
    data |= {"was": last.id} if last else {}
    data |= told or {}
    events.append([Entry(kind, f"policy:{row.id}", actor, at, data)])
    if apply_to_open:
        moves.begin(f"policy:{row.id}", actor, at, valid_from)
    return row.id
