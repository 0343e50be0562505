"""The one writer of a ticket's status: lock, decide, record, refresh the timers.

Every use case goes through `act`. It takes `at` after the lock, ends what should have ended by
itself before, asks the lifecycle table, appends one event and refreshes the timers; so the
status, its event and the promise share one fate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import any_, func, select

from core import clock, events
from core.canonical import Value, instant
from core.database import db
from core.errors import IllegalMove, NotFound
from core.event_kinds import Kind
from core.events import Entry
from core.i18n import gettext, zone
from helpdesk import kinds
from helpdesk.escalations.acts import end_with_ticket
from helpdesk.escalations.kinds import End
from helpdesk.models import Escalation, Ticket
from helpdesk.moments import Moment
from helpdesk.rules.lifecycle import (
    OUTCOMES,
    Action,
    NoSuchMove,
    Status,
    first_reminder,
    next_status,
)
from helpdesk.rules.windows import end_of_day
from helpdesk.setup import citizen_windows
from sla import tracking
from sla.models import TimerRow
from sla.rows import hold
from sla.rules.fold import Fold


def lock(ticket_id: int) -> Moment:
    """Lock a ticket and its timers, take the time after that, and end it first if its window is
    over."""
    ticket = db.session.scalars(
        select(Ticket)
        .where(Ticket.id == ticket_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if ticket is None:
        raise NotFound(gettext("There is no such report here."))
    held = hold_all(ticket)
    moment = Moment(ticket, clock.now())
    tracking.bring_along(ticket.ref, held, moment.at)
    end_if_over(moment)
    return moment


def hold_all(ticket: Ticket) -> list[Any]:
    """Lock the timers of a ticket and of what waits before a level; those that run. Their subjects
    are one list, for which the index is asked: an OR would have every timer read."""
    levels = select(func.concat("escalation:", Escalation.id)).where(
        Escalation.ticket_id == ticket.id, Escalation.ended_at.is_(None)
    )
    subjects = func.array_append(func.array(levels.scalar_subquery()), ticket.ref)
    return hold(TimerRow.subject == any_(subjects))


def end_if_over(moment: Moment) -> bool:
    """Close a resolved ticket, or lapse one whose citizen never replied, once its days are over."""
    ticket = moment.ticket
    if ticket.closes_at is None or ticket.closes_at > moment.at:
        return False
    if ticket.status == Status.PENDING:
        act(moment, Action.LAPSE, kinds.TICKET_LAPSED, actor="system")
    else:
        act(moment, Action.CLOSE, kinds.TICKET_CLOSED, actor="system")
    return True


def act(
    moment: Moment,
    action: Action,
    kind: Kind,
    *,
    actor: str,
    data: Mapping[str, Value] | None = None,
) -> Fold:
    """Do one action on a locked ticket. Raises IllegalMove if the table has no such move."""
    ticket = moment.ticket
    before = Status(ticket.status)
    try:
        after = next_status(before, action)
    except NoSuchMove as error:
        raise IllegalMove(
            gettext("This cannot be done any more: the report has moved on. Please look again.")
        ) from error
    ticket.status = after
    if after is not before:
        data = {**(data or {}), **_waits(moment, after)}
        if after is Status.RESOLVED:
            ticket.resolved_at = moment.at
        elif before is Status.RESOLVED and after is Status.OPEN:
            tracking.before_reopening(ticket.ref, moment.at)
            ticket.resolved_at, ticket.outcome, ticket.arrived_at = None, None, moment.at
        if after is not Status.ON_HOLD:
            ticket.waits_for = None
    if action in OUTCOMES:
        ticket.outcome = OUTCOMES[action]
    state = record(moment, kind, actor=actor, data=data)
    if after is Status.RESOLVED:
        end_with_ticket(moment, End.RESOLVED, actor)
    elif action in OUTCOMES:
        end_with_ticket(moment, End(OUTCOMES[action]), actor)
    return state


def _waits(moment: Moment, after: Status) -> dict[str, Value]:
    """Until when a ticket that comes to a status waits for its citizen: kept with it, and said by
    the act's event, so that nothing which is chosen later changes it."""
    ticket = moment.ticket
    days = citizen_windows.chosen().days(after, ticket.filed_at, moment.at)
    ticket.closes_at = None if days is None else end_of_day(moment.at, days, zone())
    ticket.remind_at = first_reminder(after, moment.at, ticket.closes_at)
    return {} if ticket.closes_at is None else {"closes": instant(ticket.closes_at)}


def record(
    moment: Moment, kind: Kind, *, actor: str, data: Mapping[str, Value] | None = None
) -> Fold:
    """Append the act's event and refresh the timers and the date that the queue is ordered by."""
    ticket = moment.ticket
    whole = {"status": ticket.status, **(data or {})}
    events.append([Entry(kind, ticket.ref, actor, moment.at, whole)])
    state = tracking.refresh(ticket.ref, moment.at)
    ticket.next_due_at = state.next_due()
    ticket.updated_at = moment.at
    return state
