"""When tickets end by themselves: the kept date is a cache of what their acts said."""

from __future__ import annotations

from datetime import datetime

from core import clock
from core.database import db
from core.i18n import zone
from helpdesk.models import Ticket
from helpdesk.rules.lifecycle import Status, reminder_due
from helpdesk.rules.windows import ends_at
from sla.features import Acts, Ending


def _told(acts: Acts) -> datetime | None:
    return ends_at(acts, zone())


def _keep(subject: str, ends: datetime | None) -> None:
    """The reminders of a question follow its date; those that were said are not said again."""
    ticket = db.session.get(Ticket, int(subject.partition(":")[2]))
    if ticket is None or ticket.closes_at == ends:
        return
    ticket.closes_at, ticket.remind_at = ends, None
    if ends is not None and ticket.status == Status.PENDING:
        _, ticket.remind_at = reminder_due(ends, clock.now())


ENDING = Ending(_told, _keep)
