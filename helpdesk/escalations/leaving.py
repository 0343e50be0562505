"""Leave of people of the office: granted, and ended before its time."""

from __future__ import annotations

from datetime import datetime

from core import clock, events
from core.canonical import Value, instant
from core.database import db
from core.errors import Invalid, NotFound
from core.event_kinds import Kind
from core.events import Entry
from core.i18n import gettext
from helpdesk.escalations import kinds, levels
from helpdesk.escalations.labels import flaw_words
from helpdesk.escalations.standing import one_by_one, require_staff
from helpdesk.models import LeaveRow
from helpdesk.rules.levels import FIELD_OF, InvalidLeave, Leave, check


def grant_leave(
    user_id: int, since: datetime, until: datetime, substitute: int | None, actor: str
) -> LeaveRow:
    """Somebody is away. Raises Invalid on person, since, until or substitute."""
    one_by_one()
    now = clock.now()
    wrong: dict[str, str] = {}
    require_staff(user_id, "person", wrong)
    if substitute is not None:
        require_staff(substitute, "substitute", wrong)
    try:
        check(Leave(user_id, since, until, substitute), levels.leaves(now), now)
    except InvalidLeave as error:
        wrong.setdefault(FIELD_OF[error.flaw], flaw_words(error.flaw))
    if wrong:
        raise Invalid(fields=wrong)
    row = LeaveRow(user_id=user_id, since=since, until=until, substitute_id=substitute)
    db.session.add(row)
    db.session.flush()
    _record(kinds.LEAVE_GRANTED, row, actor, now)
    return row


def end_leave(leave_id: int, actor: str, whose: int | None = None) -> None:
    """Somebody is back, or does not go after all. `whose`: only if it is this person's own.
    Raises NotFound."""
    one_by_one()
    row = db.session.get(LeaveRow, leave_id, populate_existing=True)
    if row is None or whose not in (None, row.user_id):
        raise NotFound(gettext("This leave is not there any more."))
    _record(kinds.LEAVE_ENDED, row, actor, clock.now())
    db.session.delete(row)


def _record(kind: Kind, row: LeaveRow, actor: str, at: datetime) -> None:
    data: dict[str, Value] = {
        "person": f"user:{row.user_id}",
        "since": instant(row.since),
        "until": instant(row.until),
    }
    if row.substitute_id is not None:
        data["substitute"] = f"user:{row.substitute_id}"
    events.append([Entry(kind, f"leave:{row.id}", actor, at, data)])
