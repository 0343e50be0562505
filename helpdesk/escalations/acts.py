"""What happens to an escalation: opened, taken, given back, settled, over with its ticket.

Each act holds the ticket's lock first, then the escalation's, so two never wait for each other.
Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from core import events
from core.canonical import Value
from core.database import db
from core.errors import Conflict, IllegalMove, NotFound
from core.event_kinds import Kind
from core.events import Entry, Event
from core.i18n import gettext
from helpdesk.conversations import thread
from helpdesk.escalations import kinds, levels
from helpdesk.escalations.apart import apart
from helpdesk.escalations.kinds import Cause, End
from helpdesk.models import Escalation
from helpdesk.moments import Moment
from helpdesk.rules.vocabulary import MessageKind
from sla import tracking
from sla.book import Choice

MOST_RETURNS = 2  # by one level


def open_level(
    moment: Moment, level: int, cause: Cause, actor: str, choice: Choice | None = None
) -> Escalation:
    """Bring a locked ticket before a level: its ACKNOWLEDGEMENT runs from now, by the ticket's
    policy unless another is given."""
    row = Escalation(
        ticket_id=moment.ticket.id, level=level, cause=cause.value, opened_at=moment.at
    )
    db.session.add(row)
    db.session.flush()
    chosen = choice or _choice(moment)
    data = {"cause": cause.value, "policy": chosen.policy, "calendar": chosen.calendar}
    _record(row, moment.at, kinds.ESCALATED, actor, data)
    return row


def reach_level(moment: Moment, level: int, cause: Cause) -> Escalation | None:
    """Bring it before a level unless it waits there or above already."""
    if any(row.level >= level for row in waiting(moment.ticket.id)):
        return None
    return open_level(moment, level, cause, "system")


def next_level(ticket_id: int) -> int:
    """The level above the highest that a ticket has reached."""
    highest = select(func.max(Escalation.level)).where(Escalation.ticket_id == ticket_id)
    return (db.session.scalar(highest) or 0) + 1


def _choice(moment: Moment) -> Choice:
    """The policy and calendar that bind the ticket."""
    chosen = tracking.folded(moment.ticket.ref).chosen
    assert chosen is not None
    return Choice(chosen[0].id, chosen[1])


def take(moment: Moment, escalation_id: int, user_id: int) -> Escalation:
    """A person of the level takes it up. Conflict if somebody else has just done so."""
    row = _lock(moment, escalation_id)
    if row.taken_by is not None:
        raise Conflict(gettext("Somebody else has just taken this report. Please look again."))
    row.taken_by, row.taken_at = user_id, moment.at
    _record(row, moment.at, kinds.ESCALATION_TAKEN, f"user:{user_id}")
    return row


def give_back(
    moment: Moment,
    escalation_id: int,
    reason: str,
    actor: str,
    choice: Choice | None = None,
) -> Escalation:
    """Whoever took it puts it back before the level, with a reason: it is owed anew. The second
    time it comes before the level above too, else taking and giving back would put off for ever
    what nobody does."""
    words = thread.clean(reason, "reason")
    row = _lock(moment, escalation_id)
    if row.taken_by is None:
        raise IllegalMove(gettext("Nobody has taken this up, so it cannot be given back."))
    row.taken_by = row.taken_at = None
    thread.add(moment, MessageKind.NOTE, actor, words)
    chosen = choice or _choice(moment)
    data = {"policy": chosen.policy, "calendar": chosen.calendar}
    _record(row, moment.at, kinds.ESCALATION_GIVEN_BACK, actor, data)
    if given_back(row) >= MOST_RETURNS:
        higher = levels.staffing(moment.at).above(row.level, apart=apart(moment.ticket))
        if higher is not None:
            reach_level(moment, higher, Cause.RETURNED)
    return row


def given_back(row: Escalation) -> int:
    """How often a level has put this back."""
    kind = kinds.ESCALATION_GIVEN_BACK.name
    asked = select(func.count()).where(Event.subject == row.ref, Event.kind == kind)
    return db.session.scalar(asked) or 0


def demand_no_appeal(ticket_id: int) -> None:
    """Raise IllegalMove while an appeal of a locked ticket waits: it must be heard, not vanish."""
    if any(row.cause == Cause.APPEAL.value for row in waiting(ticket_id)):
        raise IllegalMove(
            gettext("The citizen's appeal is still waiting here. It must be settled first.")
        )


def settle(moment: Moment, escalation_id: int, actor: str) -> Escalation:
    """The level has done what it was brought for; the ticket goes on as it stands."""
    row = _lock(moment, escalation_id)
    row.ended_at = moment.at
    _record(row, moment.at, kinds.ESCALATION_SETTLED, actor)
    return row


def end_with_ticket(moment: Moment, cause: End, actor: str, settles: Sequence[int] = ()) -> None:
    """The ticket is over, and with it what waits before its levels; those that the actor belongs
    to (`settles`: their levels) count as settled by them."""
    for row in waiting(moment.ticket.id):
        row.ended_at = moment.at
        if row.level in settles:
            _record(row, moment.at, kinds.ESCALATION_SETTLED, actor)
        else:
            _record(row, moment.at, kinds.ESCALATION_ENDED, actor, {"cause": cause.value})


def waiting(ticket_id: int) -> Sequence[Escalation]:
    """Those of a ticket that are not over, locked, in the order in which they were opened."""
    return db.session.scalars(
        select(Escalation)
        .where(Escalation.ticket_id == ticket_id, Escalation.ended_at.is_(None))
        .order_by(Escalation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _lock(moment: Moment, escalation_id: int) -> Escalation:
    row = next((one for one in waiting(moment.ticket.id) if one.id == escalation_id), None)
    if row is None:
        raise NotFound(gettext("This is not waiting here any more."))
    return row


def _record(
    row: Escalation,
    at: datetime,
    kind: Kind,
    actor: str,
    data: Mapping[str, Value] | None = None,
) -> None:
    whole: dict[str, Value] = {"ticket": row.ticket_id, "level": row.level, **(data or {})}
    events.append([Entry(kind, row.ref, actor, at, whole)])
    row.due_at = tracking.refresh(row.ref, at).next_due()
