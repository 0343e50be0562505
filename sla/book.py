"""The rulebook in memory: policies and calendars."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from core.database import db
from core.kept import kept
from sla.models import CalendarRevision, PolicyVersion
from sla.rules.calendar import Calendar
from sla.rules.policy import Metric, Policy, Step, Target, choose


@dataclass(frozen=True, slots=True)
class Choice:
    """What applies to a subject from an act on, as ids that the log can hold."""

    policy: int
    calendar: int


@dataclass(frozen=True)
class Book:
    """One consistent reading of the rulebook."""

    policies: Mapping[int, Policy]
    order: tuple[tuple[int, str, datetime, int], ...]  # position, key, valid_from, id
    starts: tuple[datetime, ...]  # every moment from which a version is valid, in order
    newest: Mapping[str, int]  # calendar key -> id of its newest revision
    calendars: dict[int, Calendar]  # filled as they are asked for

    def policy(self, policy_id: int) -> Policy:
        return self.policies[policy_id]

    def calendar(self, calendar_id: int) -> Calendar:
        if calendar_id not in self.calendars:
            row = db.session.get_one(CalendarRevision, calendar_id)
            self.calendars[calendar_id] = Calendar.from_dict(row.definition)
        return self.calendars[calendar_id]

    def since(self, filed_at: datetime) -> datetime:
        """Since when the policies in force at filing had been so. What was filed before there was
        any (in another system) falls under the first."""
        return max((start for start in self.starts if start <= filed_at), default=self.starts[0])

    def in_force(self, filed_at: datetime) -> list[Policy]:
        """The policies as they were valid at filing, in their order."""
        at = self.since(filed_at)
        valid: dict[str, tuple[datetime, int, int]] = {}
        for position, key, valid_from, policy_id in self.order:
            if valid_from <= at and (key not in valid or valid[key][0] <= valid_from):
                valid[key] = (valid_from, position, policy_id)
        return [self.policies[i] for _, _, i in sorted(valid.values(), key=lambda v: v[1])]

    def choose(self, facts: Mapping[str, Iterable[str]], filed_at: datetime) -> Choice:
        """The policy that applies to these facts, and its calendar as it is now."""
        policy = choose(self.in_force(filed_at), facts)
        return Choice(policy.id, self.newest[policy.calendar])


@kept("policies", "calendars")
def current() -> Book:
    """The rulebook as this transaction sees it; read anew only after a change of it."""
    rows = db.session.scalars(select(PolicyVersion).order_by(PolicyVersion.id)).all()
    newest: dict[str, int] = {}
    for calendar_id, key in db.session.execute(
        select(CalendarRevision.id, CalendarRevision.key).order_by(CalendarRevision.revision)
    ):
        newest[key] = calendar_id
    return Book(
        policies={row.id: policy_of(row) for row in rows},
        order=tuple((r.position, r.key, r.valid_from, r.id) for r in rows),
        starts=tuple(sorted({r.valid_from for r in rows})),
        newest=newest,
        calendars=_calendars.setdefault(db.engine, {}),
    )


# A revision is never edited, so what was made of it holds for good.
_calendars: weakref.WeakKeyDictionary[Engine, dict[int, Calendar]] = weakref.WeakKeyDictionary()


def policy_of(row: PolicyVersion) -> Policy:
    """The rule that a stored policy version says; raises InvalidPolicy if it says nonsense."""
    return Policy(
        id=row.id,
        calendar=row.calendar_key,
        targets={Metric(m): Target.from_dict(t) for m, t in row.targets.items()},
        steps={Metric(m): tuple(map(Step.from_dict, s)) for m, s in (row.steps or {}).items()},
        conditions={k: tuple(v) for k, v in (row.conditions or {}).items()},
        hold_pauses=row.hold_pauses or False,
    )
