"""What nobody takes up in time climbs to the next level, until there is none above."""

from __future__ import annotations

from collections.abc import Sequence

from core import clock, events, outbox
from core.database import db
from core.outbox import Told
from helpdesk.acts import lock
from helpdesk.escalations import acts, levels
from helpdesk.escalations.apart import apart
from helpdesk.escalations.kinds import Cause
from helpdesk.models import Escalation
from sla.kinds import TIMER_BREACHED

SUBSCRIBER = "climb"


def register() -> None:
    events.subscribe_durable(SUBSCRIBER, TIMER_BREACHED)
    outbox.handle(SUBSCRIBER, climb)


def climb(told: Sequence[Told]) -> None:
    """For each missed acknowledgement open the level above, unless the ticket is over or stands
    there already (an appeal may have gone past)."""
    for one in told:
        if one.subject.startswith("escalation:"):
            _climb(int(one.subject.partition(":")[2]))


def _climb(escalation_id: int) -> None:
    missed = db.session.get_one(Escalation, escalation_id)
    moment = lock(missed.ticket_id)
    waiting = acts.waiting(missed.ticket_id)
    if missed.id not in {row.id for row in waiting}:
        return
    way = apart(moment.ticket)
    higher = levels.staffing(clock.now()).above(missed.level, apart=way)
    if higher is not None and all(row.level <= missed.level for row in waiting):
        acts.open_level(moment, higher, Cause.CLIMBED, "system")
