"""The promise in words: what was promised, until when, how much is left, and why that date.

Words first, then the time left, then the line. Nothing here decides anything; it reads stored
timers, and for the reasons it folds the log once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.canonical import instant
from core.i18n import (
    gettext,
    moment_words,
    near_words,
    short_words,
)
from helpdesk.models import Ticket
from helpdesk.promises.chips import countdown
from helpdesk.promises.reasons import why
from helpdesk.promises.timers import ORDER, late_words, left_words, percent, state_of
from helpdesk.rules.lifecycle import Status
from helpdesk.wording.labels import status_words
from sla.models import TimerRow
from sla.rules.policy import Metric, Target, Unit
from sla.rules.timer import Reading

# What a report that is done is judged by, and what stands below the promise that comes first.
ENDED_WITH = [Metric.RESOLUTION, Metric.NEXT_RESPONSE, Metric.FIRST_RESPONSE, Metric.UPDATE]
SECOND = {Metric.RESOLUTION, Metric.UPDATE}


def hero(rows: Sequence[TimerRow]) -> tuple[TimerRow | None, TimerRow | None]:
    """The promise that a citizen looks at first, and the one after it."""
    shown = [r for r in rows if r.metric != Metric.VERIFICATION and r.reading != Reading.VOID]
    newest: dict[str, TimerRow] = {}
    for row in sorted(shown, key=lambda r: r.cycle):
        newest[row.metric] = row
    ordered = sorted(newest.values(), key=lambda r: ORDER.index(r.metric))
    running = [r for r in ordered if r.stopped_at is None]
    if not running:
        return next((newest[m] for m in ENDED_WITH if m in newest), None), None
    return running[0], next((r for r in running[1:] if r.metric in SECOND), None)


def promise_panel(
    ticket: Ticket, rows: Sequence[TimerRow], now: datetime, ledger_url: str = ""
) -> dict[str, Any]:
    """The hero of a citizen's page (components/promise.html); rows as they were told."""
    first, second = hero(rows)
    if first is None:
        return _without_promise(ticket)
    panel = _panel(ticket, first, now)
    if second is not None and second.promised_at is not None:
        panel["second"] = {"what": _lead(second), "when": moment_words(second.promised_at)}
    panel["why"] = why(ticket, rows)
    panel["why_title"] = gettext("Why this date?")
    panel["ledger_url"] = ledger_url
    return panel


def _without_promise(ticket: Ticket) -> dict[str, Any]:
    """Of thanks nothing is promised; of what ended without an answer nothing is any more."""
    what, words = gettext("Thank you"), gettext("We have read it; there is nothing to wait for.")
    if ticket.status == Status.CLOSED:
        what, words = status_words(ticket), gettext("This report is closed; no date is waited for.")
    parts = [{"text": words}]
    return {"state": "met", "what": what, "when_parts": parts, "left": "", "percent": None}


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
        Metric.NEXT_RESPONSE.value: gettext("Your message is answered at the latest"),
        Metric.UPDATE.value: gettext("You hear from us again at the latest"),
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
