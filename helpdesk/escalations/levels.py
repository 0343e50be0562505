"""The people of the levels and their leave: kept, asked for, and who is asked now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from accounts.models import User
from accounts.rules.access import Role, roles_of
from core import clock, events
from core.canonical import Value, instant
from core.database import db
from core.errors import Invalid
from core.events import Entry
from core.i18n import gettext
from helpdesk.escalations import kinds
from helpdesk.models import LeaveRow, LevelPerson
from helpdesk.rules import levels
from helpdesk.rules.levels import TOP, Duty, InvalidLeave, Leave

# Who stands at a level for which nobody was named.
USUAL = {1: Role.SUPERVISOR, 2: Role.LEADER, 3: Role.LEADER}
USUAL_APART = {1: Role.INSPECTOR, 2: Role.LEADER, 3: Role.LEADER}


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who stands where at one moment; read at once, so that asking for a level costs nothing."""

    at: datetime
    named: Mapping[tuple[int, bool], Sequence[Duty]]
    roles: Mapping[int, frozenset[Role]]  # of active people
    away: Sequence[Leave]

    def people_of(self, level: int, *, apart: bool = False) -> list[int]:
        """Ids of those who are asked at a level, active people only. For a level for which nobody
        was named, whoever holds its usual role."""
        duties = self.named.get((level, apart), ())
        if not duties:
            role = (USUAL_APART if apart else USUAL).get(min(level, TOP), Role.LEADER)
            duties = [Duty(user_id) for user_id, held in self.roles.items() if role in held]
        found = levels.on_duty(duties, self.away, self.at)
        return [user_id for user_id in found if user_id in self.roles]


def staffing(at: datetime) -> Staffing:
    """The levels of the office as they stand at a moment; three statements."""
    named: dict[tuple[int, bool], list[Duty]] = {}
    for row in db.session.scalars(select(LevelPerson).order_by(LevelPerson.id)):
        duty = Duty(row.user_id, row.since, row.until)
        named.setdefault((row.level, row.apart), []).append(duty)
    people = select(User.id, User.roles).where(User.active, User.roles != []).order_by(User.id)
    roles = {row.id: roles_of(row.roles) for row in db.session.execute(people)}
    return Staffing(at, named, roles, leaves(at))


def people_of(level: int, at: datetime, *, apart: bool = False) -> list[int]:
    """Ids of those who are asked at a level at a moment."""
    return staffing(at).people_of(level, apart=apart)


def leaves(at: datetime) -> list[Leave]:
    """Leave that is not over at a moment."""
    rows = db.session.scalars(
        select(LeaveRow).where(LeaveRow.until > at).order_by(LeaveRow.since, LeaveRow.id)
    )
    return [Leave(row.user_id, row.since, row.until, row.substitute_id) for row in rows]


def name(
    level: int,
    user_id: int,
    actor: str,
    *,
    apart: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
) -> LevelPerson:
    """Put somebody at a level."""
    if not 1 <= level <= TOP:
        sentence = gettext("There are %(n)d levels.", n=TOP)
        raise Invalid(fields={"level": sentence})
    if since is not None and until is not None and until <= since:
        raise Invalid(fields={"until": gettext("This ends before it begins.")})
    row = LevelPerson(level=level, apart=apart, user_id=user_id, since=since, until=until)
    db.session.add(row)
    db.session.flush()
    data: dict[str, Value] = {"level": level, "person": f"user:{user_id}"}
    events.append([Entry(kinds.LEVEL_NAMED, f"level:{row.id}", actor, clock.now(), data)])
    return row


def take_off(person_id: int, actor: str) -> None:
    """Take somebody off a level."""
    row = db.session.get(LevelPerson, person_id)
    if row is not None:
        data: dict[str, Value] = {"level": row.level, "person": f"user:{row.user_id}"}
        events.append([Entry(kinds.LEVEL_LEFT, f"level:{row.id}", actor, clock.now(), data)])
        db.session.delete(row)


def grant_leave(
    user_id: int, since: datetime, until: datetime, substitute: int | None, actor: str
) -> LeaveRow:
    """Somebody is away. Raises Invalid with a sentence (see the rules)."""
    now = clock.now()
    try:
        levels.check(Leave(user_id, since, until, substitute), leaves(now), now)
    except InvalidLeave as error:
        raise Invalid(fields={"leave": gettext(str(error))}) from error
    row = LeaveRow(user_id=user_id, since=since, until=until, substitute_id=substitute)
    db.session.add(row)
    db.session.flush()
    data: dict[str, Value] = {"since": instant(since), "until": instant(until)}
    if substitute is not None:
        data["substitute"] = f"user:{substitute}"
    events.append([Entry(kinds.LEAVE_GRANTED, f"user:{user_id}", actor, now, data)])
    return row


def end_leave(leave_id: int, actor: str) -> None:
    """Somebody is back, or does not go after all."""
    row = db.session.get(LeaveRow, leave_id)
    if row is not None:
        events.append([Entry(kinds.LEAVE_ENDED, f"user:{row.user_id}", actor, clock.now(), {})])
        db.session.delete(row)
