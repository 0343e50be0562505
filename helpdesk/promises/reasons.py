"""Why this date: plain sentences on targets, closed hours, days and pauses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.i18n import (
    gettext,
    moment_words,
    near_words,
)
from helpdesk.models import Ticket
from helpdesk.policyfacts import policy_facts
from helpdesk.promises.timers import ORDER
from helpdesk.rules.vocabulary import Channel, Priority, TicketClass
from helpdesk.wording.labels import metric_words, target_words
from sla import book, tracking
from sla.models import TimerRow
from sla.rules.due import WALL
from sla.rules.policy import Base, Metric, Target, Unit
from sla.rules.timer import Reading


def why(ticket: Ticket, rows: Sequence[TimerRow]) -> list[str]:
    """Plain sentences on how the dates come about: targets, closed hours, days, pauses."""
    told: list[str] = []
    shown = sorted(rows, key=lambda r: (ORDER.index(r.metric), r.cycle))
    for row in shown:
        if row.metric == Metric.VERIFICATION or row.reading == Reading.VOID:
            continue
        told.append(
            gettext(
                "%(what)s: within %(target)s.",
                what=metric_words(row.metric),
                target=target_words(Target.from_dict(row.target)),
            )
        )
    if not told:
        return []
    told.append(gettext("Nights, weekends and holidays do not count."))
    calendar = book.current().calendar(shown[-1].calendar_id)
    if not calendar.is_open(ticket.filed_at):
        begins = calendar.next_open(ticket.filed_at)
        told.append(
            gettext(
                "It reached us outside office hours, so the time began %(when)s.",
                when=moment_words(begins),
            )
        )
    if any(Target.from_dict(row.target).unit is Unit.DAYS for row in shown):
        told.append(gettext("The day on which it reached us is not counted."))
    told += _pauses(ticket)
    told.append(
        gettext("If we are late, this page says so, and the report goes to the supervisors.")
    )
    return told


def _pauses(ticket: Ticket) -> list[str]:
    timer = tracking.folded(ticket.ref).current(Metric.RESOLUTION)
    if timer is None:
        return []
    return [
        gettext(
            "From %(start)s to %(end)s the time stood still.",
            start=moment_words(start),
            end=moment_words(end),
        )
        for start, end in timer.pauses
        if end is not None
    ]


def if_sent_now(now: datetime) -> str:
    """What would be promised to an ordinary complaint that is sent at this moment."""
    values = {
        "ticket_class": TicketClass.COMPLAINT.value,
        "priority": Priority.NORMAL.value,
        "channel": Channel.WEB.value,
        "queue_id": 0,
        "language": "id",
        "tags": [],
    }
    current = book.current()
    choice = tracking.choose(policy_facts(values, None), now)
    policy, calendar = current.policy(choice.policy), current.calendar(choice.calendar)
    target = policy.targets.get(Metric.FIRST_RESPONSE)
    if target is None:
        return gettext("An officer reads it as soon as we are open.")
    if target.unit is Unit.DAYS:
        due = calendar.add_working_days(now, target.n)
    else:
        base = WALL if target.base is Base.WALL else calendar
        due = base.add(now, target.span)
    assert due is not None
    return gettext("An officer answers at the latest %(when)s.", when=near_words(due, now))
