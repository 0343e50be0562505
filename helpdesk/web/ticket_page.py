"""One ticket on the desk: everything that the page shows, and what may be done now."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from accounts import directory
from accounts.rules.access import Viewer
from accounts.who import viewer as signed_in
from core import clock, refs
from core.i18n import gettext
from helpdesk.contacts import vault
from helpdesk.conversations import conversation
from helpdesk.lists import finding, marks, presenting
from helpdesk.models import Ticket
from helpdesk.patterns import budget
from helpdesk.promises import chips, life, promise, timers
from helpdesk.relations import related
from helpdesk.rules.lifecycle import MOVES, Action, Status
from helpdesk.setup import office
from helpdesk.web import choosing, lists, report_form, windows
from helpdesk.wording.labels import channel_words, class_words, office_status, priority_words
from sla import tracking
from sla.models import TimerRow
from sla.rules.policy import Metric

# What the page calls an act, the table's action behind it, and its address.
VERBS: dict[str, tuple[Action, str]] = {
    "reply": (Action.ANSWER, "desk_acts.answer"),
    "ask": (Action.ASK, "desk_acts.ask"),
    "resolve": (Action.RESOLVE, "desk_acts.resolve"),
    "accept": (Action.ACCEPT, "desk_acts.accept"),
    "assign": (Action.ASSIGN, "desk_acts.assign"),
    "hold": (Action.HOLD, "desk_acts.hold"),
    "resume": (Action.RESUME, "desk_acts.resume"),
    "refuse": (Action.REFUSE, "desk_acts.refuse"),
    "forward": (Action.FORWARD, "desk_acts.forward"),
    "spam": (Action.SPAM, "desk_acts.spam"),
    "duplicate": (Action.DUPLICATE, "desk_acts.duplicate"),
    "reopen": (Action.REOPEN, "desk_acts.reopen"),
}


def acts(ticket: Ticket, rows: list[TimerRow], viewer: Viewer) -> dict[str, str]:
    """Only what the lifecycle table allows now, by its address."""
    status = Status(ticket.status)
    found = {
        verb: url_for(endpoint, number=ticket.number)
        for verb, (action, endpoint) in VERBS.items()
        if status in MOVES[action]
    }
    verifying = any(r.metric == Metric.VERIFICATION and r.stopped_at is None for r in rows)
    if not verifying:
        found.pop("accept", None)
    found["note"] = url_for("desk_acts.note", number=ticket.number)
    if status is not Status.CLOSED:
        found["priority"] = url_for("desk_acts.priority", number=ticket.number)
        if "accept" not in found:
            found["classify"] = url_for("desk_acts.classify", number=ticket.number)
        found["details"] = url_for("desk_acts.details", number=ticket.number)
        found["move"] = url_for("desk_acts.move", number=ticket.number)
    if "assign" in found and ticket.assignee_id is None:
        found["take"] = url_for("desk_acts.take", number=ticket.number)
    return found


def page(
    number: str,
    forms: dict[str, Any] | None = None,
    key: str = "",
    before: int | None = None,
    details: bool = False,
) -> str:
    """The page; `forms` shows acts that came back with what was typed and why; `details`: with
    the form of place and service."""
    viewer, now = signed_in(), clock.opened()
    ticket = finding.get(viewer, number)
    rows = tracking.timers([ticket.ref])[ticket.ref]
    log = presenting.whole_log(ticket)
    window = conversation.for_office(ticket, now, before)
    may = acts(ticket, rows, viewer)
    view = str(ticket.queue_id)
    return render_template(
        "desk/ticket.html",
        **lists.context(viewer, view, now, selected=ticket.number),
        ticket={
            "number": ticket.number,
            "title": ticket.title,
            "status": {
                "state": promise.tone(ticket, rows, now),
                "words": office_status(ticket.status),
            },
            "tags": [],
            "klass": ticket.ticket_class,
            "category": ticket.category_id,
            "queue": ticket.queue_id,
            "assignee": ticket.assignee_id,
            "priority": ticket.priority,
            "place": ticket.place_id,
            "service": ticket.about_ref,
        },
        timers=[chips.timer_view(r, now) for r in timers.in_order(rows)],
        life=life.band(ticket, rows, now, log),
        lines=window.lines,
        ways=windows.office(ticket, window),
        room=f"ticket:{ticket.id}",
        fresh_url=url_for("desk.fresh", number=ticket.number),
        mark=marks.of_log(log),
        ledger_url=url_for("ledgers.office", number=ticket.number),
        cause_url=_causes(ticket, rows),
        cause_wanted=ticket.cause_wanted,
        requester=_requester(ticket),
        permit=_permit(ticket, viewer),
        facts=_facts(ticket) + budget.facts(log, rows, now) + related.facts(ticket, viewer, log),
        history=presenting.history(log, now),
        acts=may,
        forms=forms or {},
        kept=_kept(forms or {}, may),
        options=choosing.options(ticket, details or "details" in (forms or {})),
        me=viewer.id,
        limits=report_form.LIMITS,
        key=key or report_form.new_key(),
    )


def _causes(ticket: Ticket, rows: list[TimerRow]) -> str:
    """Where causes are named, for a report that missed a promise or is asked for one."""
    missed = ticket.cause_wanted or any(row.breached_at is not None for row in rows)
    return url_for("causes.index", number=ticket.number) if missed else ""


def _kept(forms: dict[str, Any], may: dict[str, str]) -> str:
    """What was typed into a form that the ticket, moved on meanwhile, has no more."""
    gone = [form["values"] for verb, form in forms.items() if verb not in may]
    return "\n".join(v[name] for v in gone for name in ("agency", "reason", "text") if v.get(name))


def _requester(ticket: Ticket) -> dict[str, Any]:
    contacts = []
    if ticket.phone is not None:
        contacts.append(masked_phone(vault().open(ticket.phone, "ticket.phone")))
    if ticket.email is not None:
        contacts.append(vault().open(ticket.email, "ticket.email"))
    place = office.places().get(ticket.place_id) if ticket.place_id else None
    return {
        "name": conversation.who_filed(ticket.requester_name),
        "contact_words": ", ".join(contacts) or gettext("No way to reach them was given."),
        "place": f"{place.kelurahan}, {place.kecamatan}" if place else "",
    }


def masked_phone(number: str) -> str:
    """+62 812 •••• 4417: enough to recognise, not to call by accident."""
    return f"{number[:6]} •••• {number[-4:]}" if len(number) > 10 else number


def _permit(ticket: Ticket, viewer: Viewer) -> dict[str, Any] | None:
    card = refs.card(ticket.about_ref, viewer) if ticket.about_ref else None
    return {"name": card.title, "url": card.url} if card else None


def _facts(ticket: Ticket) -> list[dict[str, str]]:
    category, queue = office.topic(ticket.category_id), office.queue(ticket.queue_id)
    rows = [
        (gettext("Kind"), class_words(ticket.ticket_class)),
        (gettext("About"), category.name(report_form.language()) if category else ""),
        (gettext("Queue"), queue.name if queue else ""),
        (gettext("Held by"), directory.name_of(ticket.assignee_id) or gettext("nobody yet")),
        (gettext("Urgency"), priority_words(ticket.priority)),
        (gettext("Came by"), channel_words(ticket.channel)),
    ]
    if ticket.waits_for:
        rows.append((gettext("Waits for"), ticket.waits_for))
    return [{"label": label, "value": value} for label, value in rows if value]
