"""Who stands at the levels of the office, and who is asked there now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from accounts.models import User
from accounts.rules.access import Role, roles_of
from core.database import db
from helpdesk.models import LeaveRow, LevelPerson
from helpdesk.rules import levels
from helpdesk.rules.levels import USUAL_TOP, Duty, Leave

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
        """Ids of those who are asked at a level, active people only. Where nobody was named, or
        the turn of all who were is over or they left, whoever holds its usual role."""
        found = self.named_of(level, apart=apart)
        if found:
            return found
        role = usual_role(level, apart=apart)
        usual = [Duty(user_id) for user_id, held in self.roles.items() if role in held]
        return levels.on_duty(usual, self.away, self.at, self.roles)

    def named_of(self, level: int, *, apart: bool = False) -> list[int]:
        """Of them those who were named for it, or stand in for one who was."""
        duties = self.named.get((level, apart), ())
        return levels.on_duty(duties, self.away, self.at, self.roles)

    def above(self, level: int, *, apart: bool = False) -> int | None:
        """The next level up, of those that there are; None at the top."""
        return levels.above(level, {n for n, way in self.named if way is apart})


def usual_role(level: int, *, apart: bool = False) -> Role:
    """Whoever holds it is asked at a level for which nobody was named."""
    return (USUAL_APART if apart else USUAL)[min(level, USUAL_TOP)]


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
