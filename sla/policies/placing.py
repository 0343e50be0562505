"""A policy is tried sooner or later than it was.

A place is a number with room before and after it. To move a policy is a version of that policy
alone, at a number between its new neighbours, so what was filed earlier keeps the order of its
day. Where no number is free, all are spread anew: their order, which is all that counts, stays.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.database import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import gettext
from sla.kinds import POLICY_PLACED
from sla.models import PolicyVersion
from sla.policies import order
from sla.policies.order import ROOM
from sla.recalculation.publishing import Draft, publish_policy


def place(key: str, wanted: int, at: datetime, actor: str) -> int | None:
    """Try a policy at this place from now on (1 is first); the version's id, or None if it stands
    there already. Raises Invalid for a place that is none, Conflict for the last policy."""
    order.hold()
    rows = order.latest()
    was = next((n for n, row in enumerate(rows, start=1) if row.key == key), 0)
    if not was:
        raise NotFound(gettext("There is no such policy."))
    if was == len(rows):
        raise Conflict(gettext("The policy that takes all else stays last."))
    if not 0 < wanted < len(rows):
        words = gettext("Please give a place from 1 to %(n)s.", n=len(rows) - 1)
        raise Invalid(fields={"place": words})
    if wanted == was:
        return None
    number = _number([row for row in rows if row.key != key], wanted, key)
    return publish_policy(
        key,
        Draft(position=number),
        valid_from=at,
        apply_to_open=False,
        at=at,
        actor=actor,
        kind=POLICY_PLACED,
        told={"place": wanted, "was_place": was},
    )


def _number(rest: list[PolicyVersion], wanted: int, key: str) -> int:
    """A free number before the policy that is to come next, behind the one before it."""
    number = _free(rest, wanted, key)
    if number is None:
        _spread()
        number = _free(rest, wanted, key)
    assert number is not None
    return number


def _free(rest: list[PolicyVersion], wanted: int, key: str) -> int | None:
    if wanted == 1:
        return order.first(key)
    low, high, others = rest[wanted - 2].position, rest[wanted - 1].position, order.taken(key)
    middle = (low + high) // 2
    near = range(max(low + 1, middle - ROOM), min(high, middle + ROOM))
    free = (n for n in near if n not in others)
    return min(free, key=lambda n: abs(n - middle), default=None)


def _spread() -> None:
    """Give every version a number with room around it, in the order that they have."""
    rows = db.session.scalars(select(PolicyVersion).order_by(PolicyVersion.id)).all()
    made = {row.key: n for n, row in reversed(list(enumerate(rows)))}
    places = sorted({(row.position, made[row.key], row.key) for row in rows})
    numbers = {(position, key): n * ROOM for n, (position, _, key) in enumerate(places, start=1)}
    for row in rows:
        row.position = numbers[row.position, row.key]
    db.session.flush()
