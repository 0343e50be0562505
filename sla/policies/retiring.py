"""A policy is retired by a version under which nothing falls.

What was promised under it keeps its promises, and its versions stay for good, so that they can be
explained. It comes back by a version that is not retired.
"""

from __future__ import annotations

from datetime import datetime

from core.errors import Conflict
from core.i18n import gettext
from sla.kinds import POLICY_RETIRED
from sla.policies import order
from sla.recalculation.publishing import Draft, publish_policy


def retire(key: str, at: datetime, actor: str) -> int | None:
    """From now on nothing new falls under it, nor under a version of it that waits for its date;
    the version's id, or None if it is retired already. Raises Conflict for the last policy."""
    order.hold()
    row = order.find(key)
    if row.retired:
        return None
    if order.is_last(row):
        raise Conflict(gettext("The policy that takes all else cannot be retired."))
    return publish_policy(
        key,
        Draft(retired=True),
        valid_from=at,
        apply_to_open=False,
        at=at,
        actor=actor,
        kind=POLICY_RETIRED,
        replacing=True,
    )
