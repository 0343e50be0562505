"""How an escalation's events read as facts of the promise engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, text, update

from core.canonical import Value
from core.database import db
from helpdesk.escalations import kinds
from helpdesk.models import Escalation
from helpdesk.models.escalation import WAITS
from sla import tracking
from sla.features import Dates
from sla.recalculation.crowd import Crowd
from sla.rules.facts import Act, Fact, Standing
from sla.tracking import Feature

# Taken and settled both acknowledge it; given back, it is owed anew.
ACTS: dict[str, tuple[Act, Standing]] = {
    kinds.ESCALATED.name: (Act.BEGUN, Standing.OPEN),
    kinds.ESCALATION_TAKEN.name: (Act.DONE, Standing.OPEN),
    kinds.ESCALATION_GIVEN_BACK.name: (Act.BEGUN, Standing.OPEN),
    kinds.ESCALATION_SETTLED.name: (Act.DONE, Standing.ENDED),
    kinds.ESCALATION_ENDED.name: (Act.ENDED, Standing.ENDED),
}


def fact(kind: str, at: datetime, data: Mapping[str, Value]) -> Fact | None:
    """The fact that an event of an escalation states."""
    found = ACTS.get(kind)
    if found is None:
        return None
    act, standing = found
    chosen = act is Act.BEGUN
    return Fact(
        at=at,
        act=act,
        standing=standing,
        policy=int(data["policy"]) if chosen else None,
        calendar=int(data["calendar"]) if chosen else None,
        cause=str(data["cause"]) if act is Act.ENDED else None,
    )


def _id(subject: str) -> int:
    return int(subject.partition(":")[2])


def _lock(subject: str) -> None:
    db.session.execute(select(Escalation.id).where(Escalation.id == _id(subject)).with_for_update())


def _kept(subjects: Sequence[str]) -> dict[str, Dates]:
    ids = [_id(subject) for subject in subjects]
    asked = select(Escalation.id, Escalation.due_at).where(Escalation.id.in_(ids))
    return {f"escalation:{ident}": Dates(due) for ident, due in db.session.execute(asked)}


def _keep_due(subject: str, due: datetime | None) -> None:
    db.session.execute(update(Escalation).where(Escalation.id == _id(subject)).values(due_at=due))


# They are few, and each is folded.
CROWD = Crowd(Escalation.metadata.tables["escalations"], text(WAITS), "due_at", text("true"))


def register() -> None:
    feature = Feature(tuple(ACTS), fact, _lock, _kept, _keep_due, CROWD)
    tracking.register("escalation", feature)
