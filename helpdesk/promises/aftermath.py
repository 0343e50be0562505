"""What followed a missed promise, said to the citizen as far as the log and the notices bear it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from accounts.models import User
from accounts.rules.access import Role
from core.database import db
from core.events import Event
from core.i18n import gettext, near_words
from helpdesk import kinds
from helpdesk.models import Notice, Ticket
from sla.kinds import TIMER_BREACHED
from sla.models import TimerRow


def happened(ticket: Ticket, rows: Sequence[TimerRow], now: datetime) -> list[str]:
    """Sentences on the promises that are missed and still owed; rows as they were told."""
    late = {(r.metric, r.cycle): r.breached_at for r in rows if not r.stopped_at and r.breached_at}
    if not late:
        return []
    first = min(late.values())
    told = [gettext("The promised time passed %(when)s.", when=near_words(first, now))]
    breaches = _breaches(ticket, set(late))
    if breaches and _supervisors_know(breaches):
        told.append(gettext("The supervisors have been told."))
    if breaches and _raised_since(ticket, min(breaches)):
        told.append(gettext("Your report has moved up in urgency."))
    told.append(gettext("You need do nothing. You may write to us below at any time."))
    return told


def _breaches(ticket: Ticket, late: set[tuple[str, int]]) -> list[int]:
    """Ids of the events that say these timers are late."""
    rows = db.session.execute(
        select(Event.id, Event.data).where(
            Event.subject == ticket.ref, Event.kind == TIMER_BREACHED.name
        )
    )
    return [ident for ident, d in rows if (str(d["metric"]), int(d["cycle"])) in late]


def _supervisors_know(breaches: Sequence[int]) -> bool:
    found = db.session.scalar(
        select(Notice.id)
        .join(User, User.id == Notice.user_id)
        .where(Notice.event_id.in_(breaches), User.roles.contains([Role.SUPERVISOR.value]))
        .limit(1)
    )
    return found is not None


def _raised_since(ticket: Ticket, breach: int) -> bool:
    found = db.session.scalar(
        select(Event.id)
        .where(
            Event.subject == ticket.ref,
            Event.kind == kinds.PRIORITY_SET.name,
            Event.actor == "system",
            Event.id > breach,
        )
        .limit(1)
    )
    return found is not None
