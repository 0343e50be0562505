"""The rulebook in memory: policies and calendars."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Engine, select

from core.database import db
from core.storage.kept import kept
from sla.models import CalendarRevision, PolicyVersion
from sla.rules.calendar import Calendar
from sla.rules.policy import Metric, Policy, Step, Target, choose


@dataclass(frozen=True, slots=True)
class Choice:
    """What applies to a subject from an act on, as ids that the log can hold."""

    policy: int
    calendar: int


@dataclass(frozen=True, slots=True)
class Version:
    """What is asked of a policy's version before it is chosen."""

    id: int
    key: str
    number: int
    position: int
    valid_from: datetime
    for_open: bool
    retired: bool = False


WasOpen = Callable[[datetime], bool]


def never(moment: datetime) -> bool:
    """Of what is only being filed."""
    return False


@dataclass(frozen=True)
class Book:
    """One consistent reading of the rulebook."""

    policies: Mapping[int, Policy]
    versions: tuple[Version, ...]  # in the order in which they were made
    starts: tuple[datetime, ...]  # every moment from which a version is valid, in order
    newest: Mapping[str, int]  # calendar key -> id of its newest revision
    calendars: dict[int, Calendar]  # filled as they are asked for

    def policy(self, policy_id: int) -> Policy:
        """Also one that was published after this reading, if something stands under it by now."""
        found = self.policies.get(policy_id)
        return found or policy_of(db.session.get_one(PolicyVersion, policy_id))

    def knows(self, policy_id: int, calendar_id: int) -> bool:
        """False if what stands under these has been moved by a publishing after this reading."""
        return policy_id in self.policies and calendar_id <= max(self.newest.values())

    def calendar(self, calendar_id: int) -> Calendar:
        if calendar_id not in self.calendars:
            row = db.session.get_one(CalendarRevision, calendar_id)
            self.calendars[calendar_id] = Calendar.from_dict(row.definition)
        return self.calendars[calendar_id]

    @cached_property
    def effective(self) -> tuple[Version, ...]:
        """Without those that a newer version replaced before they began."""
        found: list[Version] = []
        for one in self.versions:
            found = [v for v in found if v.key != one.key or v.valid_from < one.valid_from]
            found.append(one)
        return tuple(found)

    def since(self, filed_at: datetime) -> datetime:
        """Since when the policies in force at filing had been so. What was filed before there was
        any (in another system) falls under the first."""
        return max((start for start in self.starts if start <= filed_at), default=self.starts[0])

    def in_force(self, filed_at: datetime, was_open: WasOpen = never) -> list[Policy]:
        """The policies as they were valid at filing, in their order. `was_open` tells of a
        subject that is here already: a version that was to bind open ones binds it too, if it was
        open at the moment from which that is valid. Nothing falls under a retired one."""
        at = self.since(filed_at)
        valid: dict[str, Version] = {}
        for one in self.effective:
            if one.valid_from <= at or (one.for_open and was_open(one.valid_from)):
                valid[one.key] = one
        in_order = sorted(valid.values(), key=lambda v: v.position)
        return [self.policies[v.id] for v in in_order if not v.retired]

    def choose(
        self,
        facts: Mapping[str, Iterable[str]],
        filed_at: datetime,
        was_open: WasOpen = never,
    ) -> Choice:
        """The policy that applies to these facts, and its calendar as it is now."""
        policy = choose(self.in_force(filed_at, was_open), facts)
        return Choice(policy.id, self.newest[policy.calendar])

    def successor(self, policy_id: int, was_open: WasOpen) -> int:
        """The newest version of the same policy that binds a subject open at these moments; the
        policy itself if there is none."""
        mine = next((one for one in self.versions if one.id == policy_id), None)
        if mine is None:
            return policy_id  # newer than this reading
        later = [
            one
            for one in self.effective
            if one.key == mine.key and one.number > mine.number
            if one.for_open and was_open(one.valid_from)
        ]
        return max(later, key=lambda one: one.number).id if later else policy_id


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
        versions=tuple(
            Version(r.id, r.key, r.version, r.position, r.valid_from, r.for_open, r.retired)
            for r in rows
        ),
        starts=tuple(sorted({r.valid_from for r in rows})),
        newest=newest,
        calendars=_calendars.setdefault(db.engine, {}),
    )


# A revision is never edited, so what was made of it holds for good.
_calendars: weakref.WeakKeyDictionary[Engine, dict[int, Calendar]] = weakref.WeakKeyDictionary()


def policy_of(row: PolicyVersion) -> Policy:
    """The rule that a policy version says, 0 as its id while it is not stored; raises
    InvalidPolicy if it says nonsense."""
    return Policy(
        id=row.id or 0,
        calendar=row.calendar_key,
        targets={Metric(m): Target.from_dict(t) for m, t in row.targets.items()},
        steps={Metric(m): tuple(map(Step.from_dict, s)) for m, s in (row.steps or {}).items()},
        conditions={k: tuple(v) for k, v in (row.conditions or {}).items()},
        hold_pauses=row.hold_pauses or False,
    )
