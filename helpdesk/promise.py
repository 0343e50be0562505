"""The promise in words: what was promised, until when, how much is left, and why that date.

Words first, then the time left, then the line. Nothing here decides anything; it reads stored
timers, and for the reasons it folds the log once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale

from core.canonical import instant
from core.i18n import (
    gettext,
    local,
    moment_words,
    near_words,
    ngettext,
    short_words,
    span_words,
    time_words,
)
from helpdesk.labels import metric_words, target_words
from helpdesk.models import Ticket
from helpdesk.policyfacts import policy_facts
from helpdesk.rules.lifecycle import Status
from helpdesk.rules.vocabulary import Channel, Priority, TicketClass
from sla import book, tracking
from sla.models import TimerRow
from sla.rules.calendar import Calendar, WallClock
from sla.rules.due import WALL
from sla.rules.policy import Base, Metric, Target, Unit
from sla.rules.timer import Reading

SOON = timedelta(hours=2)  # of the timer's own clock
ORDER = [Metric.FIRST_RESPONSE.value, Metric.RESOLUTION.value, Metric.VERIFICATION.value]


def _base(row: TimerRow) -> Calendar | WallClock:
    if Target.from_dict(row.target).base is Base.WALL:
        return WALL
    return book.current().calendar(row.calendar_id)


def time_left(row: TimerRow, now: datetime) -> timedelta:
    """Time of the timer's own clock until due; negative if it is past."""
    if row.due_at is None:
        return timedelta(0)
    base = _base(row)
    if row.due_at >= now:
        return base.elapsed(now, row.due_at)
    return -base.elapsed(row.due_at, now)


def state_of(row: TimerRow, now: datetime) -> str:
    """running | soon | late | met | paused | void, as components know them."""
    if row.reading == Reading.VOID:
        return "void"
    if row.breached_at is not None or (row.due_at and row.due_at < now and not row.stopped_at):
        return "late"
    if row.stopped_at is not None:
        return "met"
    if row.paused_at is not None:
        return "paused"
    return "soon" if time_left(row, now) <= SOON else "running"


def late_words(row: TimerRow, now: datetime) -> str:
    """How late, in all hours, because that is what the citizen waited."""
    assert row.due_at is not None
    until = row.stopped_at or now
    return gettext("%(span)s late", span=span_words(until - row.due_at))


def left_words(row: TimerRow, now: datetime, *, short: bool = False) -> str:
    """The time left in the timer's own clock; working days where it counts days. `short` leaves
    out which clock, for lists in which all stand under the same one."""
    state = state_of(row, now)
    if state == "late":
        return late_words(row, now)
    if state == "met":
        return gettext("kept")
    if state == "paused":
        return gettext("stands still")
    if state == "void" or row.due_at is None:
        return gettext("no longer counts")
    target = Target.from_dict(row.target)
    if target.unit is Unit.DAYS:
        left = book.current().calendar(row.calendar_id).days_used(now, row.due_at)
        if left >= 1:
            return ngettext("%(num)d working day left", "%(num)d working days left", left)
    left_span = span_words(time_left(row, now))
    if short or target.base is Base.WALL:
        return gettext("%(span)s left", span=left_span)
    return gettext("%(span)s of office time left", span=left_span)


def chip(row: TimerRow, now: datetime) -> dict[str, Any]:
    """A timer as a chip, with what a live countdown needs."""
    found: dict[str, Any] = {"state": state_of(row, now), "words": left_words(row, now, short=True)}
    by_the_minute = Target.from_dict(row.target).unit is not Unit.DAYS or found["state"] == "soon"
    if found["state"] in ("running", "soon") and row.due_at is not None and by_the_minute:
        found.update(countdown(row, now))
    return found


def countdown(row: TimerRow, now: datetime) -> dict[str, Any]:
    """Due, the seconds left of its own clock, and until when that clock runs unbroken."""
    assert row.due_at is not None
    base = _base(row)
    until = row.due_at
    if isinstance(base, Calendar):
        spans = list(base.openings(now, row.due_at))[:1] if now < row.due_at else []
        until = spans[0][1] if spans and spans[0][0] <= now else now
    return {
        "due_iso": instant(row.due_at),
        "left_seconds": max(0, int(time_left(row, now).total_seconds())),
        "runs_until": instant(until),
    }


def in_order(rows: Sequence[TimerRow]) -> list[TimerRow]:
    """First what the citizen waits for first."""
    return sorted(rows, key=lambda r: (ORDER.index(r.metric), r.cycle))


def timer_view(row: TimerRow, now: datetime) -> dict[str, Any]:
    """A timer among a ticket's facts."""
    shown = chip(row, now)
    return {
        "metric_label": metric_words(row.metric),
        "state": shown["state"],
        "left_words": shown["words"],
        "when_words": near_words(row.due_at, now) if row.due_at else "",
        "due_iso": instant(row.due_at) if row.due_at else None,
        "left_seconds": shown.get("left_seconds"),
        "runs_until": shown.get("runs_until"),
        "percent": percent(row, now),
    }


def percent(row: TimerRow, now: datetime) -> int:
    """How much of the way from receipt to due has passed; for one that is late, where on the
    line from receipt to now the due mark stands."""
    due = row.due_at or row.promised_at
    if due is None:
        return 0
    end = row.stopped_at or now
    base = _base(row)
    if due < end:
        whole = base.elapsed(row.started_at, end)
        part = base.elapsed(row.started_at, due)
    else:
        whole = base.elapsed(row.started_at, due)
        part = base.elapsed(row.started_at, end)
    return int(100 * part / whole) if whole else 0


def hero(rows: Sequence[TimerRow]) -> tuple[TimerRow | None, TimerRow | None]:
    """The promise that a citizen looks at first, and the one after it."""
    shown = [r for r in rows if r.metric != Metric.VERIFICATION and r.reading != Reading.VOID]
    newest: dict[str, TimerRow] = {}
    for row in sorted(shown, key=lambda r: r.cycle):
        newest[row.metric] = row
    ordered = sorted(newest.values(), key=lambda r: ORDER.index(r.metric))
    running = [r for r in ordered if r.stopped_at is None]
    if not running:
        return (ordered[-1] if ordered else None), None
    return running[0], (running[1] if len(running) > 1 else None)


def promise_panel(ticket: Ticket, rows: Sequence[TimerRow], now: datetime) -> dict[str, Any]:
    """The hero of a citizen's page (components/promise.html)."""
    first, second = hero(rows)
    if first is None:
        return {
            "state": "met",
            "what": gettext("Thank you"),
            "when_parts": [{"text": gettext("We have read it; there is nothing to wait for.")}],
            "left": "",
            "percent": None,
        }
    panel = _panel(ticket, first, now)
    if second is not None and second.promised_at is not None:
        panel["second"] = {"what": _lead(second), "when": moment_words(second.promised_at)}
    panel["why"] = why(ticket, rows)
    panel["why_title"] = gettext("Why this date?")
    return panel


def _panel(ticket: Ticket, row: TimerRow, now: datetime) -> dict[str, Any]:
    state = state_of(row, now)
    when = row.due_at or row.promised_at
    panel: dict[str, Any] = {
        "state": state,
        "what": gettext("Our promise"),
        "when_parts": [],
        "received_words": gettext("Received %(when)s", when=short_words(ticket.filed_at, now)),
        "percent": percent(row, now),
        "left": left_words(row, now),
    }
    if ticket.status == Status.PENDING and row.metric == Metric.RESOLUTION:
        panel |= {
            "state": "waiting",
            "what": gettext("We wait for you"),
            "left": gettext("The promised time stands still meanwhile."),
            "when_parts": [{"text": _waiting_words(ticket, now)}],
        }
    elif state == "late":
        late = late_words(row, now)
        panel |= {
            "what": gettext("We did not keep this promise. We are sorry."),
            "late_words": late[:1].upper() + late[1:],
            "when_parts": _parts(gettext("It should have been done"), when, now),
            "end_words": gettext("Promised %(when)s", when=short_words(when, now)) if when else "",
        }
        if row.stopped_at is not None:
            panel["when_parts"] = [{"text": _kept_words(row, now)}]
    elif state == "met":
        panel |= {
            "what": gettext("Promise kept"),
            "when_parts": [{"text": _kept_words(row, now)}],
            "left": "",
        }
    elif state == "paused":
        panel |= {
            "what": gettext("The promised time stands still"),
            "when_parts": [{"text": _paused_words(ticket)}],
        }
    else:
        panel["when_parts"] = _parts(_lead(row), row.due_at, now)
        if row.due_at is not None and Target.from_dict(row.target).unit is not Unit.DAYS:
            panel |= countdown(row, now)
    return panel


def _lead(row: TimerRow) -> str:
    return {
        Metric.FIRST_RESPONSE.value: gettext("Answered by an officer at the latest"),
        Metric.RESOLUTION.value: gettext("Settled at the latest"),
        Metric.VERIFICATION.value: gettext("Looked through at the latest"),
    }[row.metric]


def _parts(lead: str, when: datetime | None, now: datetime) -> list[dict[str, Any]]:
    if when is None:
        return [{"text": lead}]
    day, _, clock = near_words(when, now).rpartition(", ")
    near, comma, day = day.rpartition(", ")
    return [
        {"text": f"{lead} {near}{comma}"},
        {"text": day, "iso": instant(when)},
        {"text": ", "},
        {"text": clock, "keep": True},
    ]


def _kept_words(row: TimerRow, now: datetime) -> str:
    assert row.stopped_at is not None
    said = near_words(row.stopped_at, now)
    if row.metric == Metric.RESOLUTION:
        return gettext("Settled %(when)s.", when=said)
    return gettext("Answered %(when)s.", when=said)


def _paused_words(ticket: Ticket) -> str:
    if ticket.waits_for:
        return gettext("We wait for %(agency)s.", agency=ticket.waits_for)
    return gettext("It goes on as soon as the report does.")


def _waiting_words(ticket: Ticket, now: datetime) -> str:
    if ticket.closes_at is None:
        return gettext("Please reply so that we can go on.")
    last = ticket.closes_at - timedelta(minutes=1)
    return gettext("Please reply at the latest %(when)s.", when=near_words(last, now))


def tone(ticket: Ticket, rows: Sequence[TimerRow], now: datetime) -> str:
    """The state of a ticket as one colour and shape."""
    if ticket.status == Status.PENDING:
        return "waiting"
    if ticket.status in (Status.RESOLVED, Status.CLOSED):
        return "met"
    live = [state_of(r, now) for r in rows if r.stopped_at is None]
    for state in ("late", "soon"):
        if state in live:
            return state
    return "running"


def happened(ticket: Ticket, rows: Sequence[TimerRow], now: datetime) -> list[str]:
    """What followed a missed promise, as long as it is still owed."""
    late = [r for r in rows if r.breached_at is not None and r.stopped_at is None]
    if not late:
        return []
    first = min(r.breached_at for r in late if r.breached_at is not None)
    return [
        gettext(
            "At %(time)s on %(day)s the supervisors were told and your report moved up in urgency.",
            time=time_words(first),
            day=short_day(first),
        ),
        gettext("You need do nothing. You may write to us below at any time."),
    ]


def short_day(at: datetime) -> str:
    return format_date(local(at).date(), "EEEE d MMMM", locale=get_locale())


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
