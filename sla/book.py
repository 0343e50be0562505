"""The rulebook in memory: policies and calendars, read anew when its revision has grown."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, text

from core.database import db
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

    revision: int
    policies: Mapping[int, Policy]
    order: tuple[tuple[int, str, datetime, int], ...]  # position, key, valid_from, id
    newest: Mapping[str, int]  # calendar key -> id of its newest revision
    calendars: dict[int, Calendar] = field(default_factory=dict)

    def policy(self, policy_id: int) -> Policy:
        return self.policies[policy_id]

    def calendar(self, calendar_id: int) -> Calendar:
        if calendar_id not in self.calendars:
            row = db.session.get_one(CalendarRevision, calendar_id)
            self.calendars[calendar_id] = Calendar.from_dict(row.definition)
        return self.calendars[calendar_id]

    def in_force(self, filed_at: datetime) -> list[Policy]:
        """The policies as they were valid at filing, in their order."""
        valid: dict[str, tuple[datetime, int, int]] = {}
        for position, key, valid_from, policy_id in self.order:
            if valid_from <= filed_at and (key not in valid or valid[key][0] <= valid_from):
                valid[key] = (valid_from, position, policy_id)
        return [self.policies[i] for _, _, i in sorted(valid.values(), key=lambda v: v[1])]

    def choose(self, facts: Mapping[str, Iterable[str]], filed_at: datetime) -> Choice:
        """The policy that applies to these facts, and its calendar as it is now."""
        policy = choose(self.in_force(filed_at), facts)
        return Choice(policy.id, self.newest[policy.calendar])


_cached: dict[str, Book] = {}
_KEPT = "rulebook"


def current() -> Book:
    """The rulebook as of now: one small statement a transaction, a reading only after a change."""
    session = db.session()
    begun = session.get_transaction()
    kept: tuple[object, Book] | None = session.info.get(_KEPT)
    if kept is not None and begun is not None and kept[0] is begun:
        return kept[1]
    found = _look()
    session.info[_KEPT] = (session.get_transaction(), found)
    return found


def _look() -> Book:
    revision = db.session.execute(text("SELECT revision FROM rulebook WHERE id = 1")).scalar_one()
    where = str(db.engine.url)
    book = _cached.get(where)
    if book is None or book.revision != revision:
        book = _read(revision, book)
        _cached[where] = book
    return book


def _read(revision: int, before: Book | None) -> Book:
    rows = db.session.scalars(select(PolicyVersion).order_by(PolicyVersion.id)).all()
    newest: dict[str, int] = {}
    for calendar_id, key in db.session.execute(
        select(CalendarRevision.id, CalendarRevision.key).order_by(CalendarRevision.revision)
    ):
        newest[key] = calendar_id
    return Book(
        revision=revision,
        policies={row.id: policy_of(row) for row in rows},
        order=tuple((r.position, r.key, r.valid_from, r.id) for r in rows),
        newest=newest,
        calendars=dict(before.calendars) if before else {},
    )


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


def changed() -> None:
    """Say that the rulebook changed; call in the transaction of the change.

    The mark is random, not the next number: if this transaction is rolled back, a reading of it
    that is still in memory must not pass for what somebody else commits next.
    """
    db.session.execute(
        text("UPDATE rulebook SET revision = :mark WHERE id = 1"), {"mark": secrets.randbits(62)}
    )
    db.session().info.pop(_KEPT, None)
