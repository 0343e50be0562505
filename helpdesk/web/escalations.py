"""The inbox of what climbed to the levels at which somebody stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.rules.access import Role, Viewer
from accounts.who import viewer
from core import clock
from core.canonical import instant
from core.database import transaction
from core.errors import Invalid
from core.i18n import compact_words, gettext
from helpdesk.acts import lock
from helpdesk.escalations import acts, inbox
from helpdesk.escalations.apart import apart
from helpdesk.escalations.deed_labels import level_name
from helpdesk.escalations.inbox import Waiting
from helpdesk.escalations.labels import cause_words
from helpdesk.lists import finding
from helpdesk.moments import Moment
from helpdesk.promises.chips import chip
from helpdesk.wording.labels import class_words
from sla.nearest import Nearest, nearest

blueprint = Blueprint("escalations", __name__, url_prefix="/eskalasi")
LEVELS = (Role.SUPERVISOR, Role.INSPECTOR, Role.LEADER)


@blueprint.get("")
@staff(*LEVELS)
def index() -> str:
    return _page({})


def _page(errors: dict[int, str], typed: str = "") -> str:
    me, now = viewer(), clock.opened()
    places = inbox.places_of(me.id, now)
    found = inbox.waiting(me.id, places) if places else []
    timers = nearest([row.ref for row, _ in found])
    rows = [_row(one, me, now, timers.get(one[0].ref)) for one in found]
    for row in rows:
        row["error"] = errors.get(row["id"], "")
        row["reason"] = typed if row["error"] else ""
    return render_template(
        "desk/escalations.html",
        levels=_by_level([row for row in rows if not row["taken"]]),
        mine=[row for row in rows if row["taken"]],
        stands=bool(places),
    )


def _by_level(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What waits, by level, the highest first; within a level the most pressing first."""
    found: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["height"], row["level"]), []).append(row)
    return [
        {"name": name, "count": len(found[height, name]), "rows": found[height, name]}
        for height, name in sorted(found, key=lambda one: -one[0])
    ]


def _row(one: Waiting, me: Viewer, now: datetime, timer: Nearest | None) -> dict[str, Any]:
    row, ticket = one
    readable = finding.may_read(me.id, me.roles, ticket.queue_id)
    return {
        "id": row.id,
        "number": ticket.number,
        "title": ticket.title,
        "class": class_words(ticket.ticket_class),
        "url": url_for("desk.ticket", number=ticket.number) if readable else None,
        "height": row.level,
        "level": level_name(row.level, apart=apart(ticket)),
        "cause": cause_words(row.cause),
        "when_words": compact_words(row.opened_at, now),
        "when_iso": instant(row.opened_at),
        "chip": chip(timer, now) if timer else {"state": "met", "words": gettext("taken")},
        "taken": row.taken_by is not None,
    }


def _do(escalation_id: int, what: Callable[[Moment], object], said: str) -> BaseResponse:
    with transaction():
        ticket_id = inbox.ticket_of(escalation_id, viewer().id, clock.opened())
        what(lock(ticket_id))
    flash(said)
    return redirect(url_for("escalations.index"), 303)


@blueprint.post("/<int:escalation_id>/ambil")
@staff(*LEVELS)
def take(escalation_id: int) -> BaseResponse:
    """Take it up: from now on it is this person's."""
    me = viewer().id
    said = gettext("You have taken this up.")
    return _do(escalation_id, lambda moment: acts.take(moment, escalation_id, me), said)


@blueprint.post("/<int:escalation_id>/kembalikan")
@staff(*LEVELS)
def give_back(escalation_id: int) -> BaseResponse | tuple[str, int]:
    """Put it back before the level, with a reason."""
    reason, actor = request.form.get("reason", ""), viewer().ref
    try:
        return _do(
            escalation_id,
            lambda moment: acts.give_back(moment, escalation_id, reason, actor),
            gettext("It waits before its level again."),
        )
    except Invalid as error:
        return _page({escalation_id: " ".join(error.fields.values()) or str(error)}, reason), 422


@blueprint.post("/<int:escalation_id>/selesai")
@staff(*LEVELS)
def settle(escalation_id: int) -> BaseResponse:
    """The level has done what it was brought for."""
    actor = viewer().ref
    said = gettext("Settled at your level; the report goes on.")
    return _do(escalation_id, lambda moment: acts.settle(moment, escalation_id, actor), said)
