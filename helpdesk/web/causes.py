"""A report's missed promises: the cause that its holder names, the excuse of a supervisor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts import directory
from accounts.guard import staff
from accounts.who import viewer
from core import clock
from core.canonical import instant
from core.database import db, transaction
from core.errors import Invalid, NotAllowed, NotFound
from core.i18n import compact_words, gettext, span_words
from helpdesk.causes import acts, labels
from helpdesk.causes.acts import Promise
from helpdesk.lists import finding
from helpdesk.models import BreachCause, Ticket
from helpdesk.patterns.listing import queues_of
from helpdesk.web.desk import DESK
from helpdesk.wording.labels import metric_words
from sla import tracking
from sla.models import TimerRow
from sla.rules.policy import Metric

blueprint = Blueprint("causes", __name__, url_prefix="/laporan/<number>/terlewat")
ONE = "/<metric>/<int:cycle>"


@blueprint.get("")
@staff(*DESK)
def index(number: str) -> str:
    return _page(number, {})


def _page(number: str, form: dict[str, Any]) -> str:
    """`form`: of what was refused: {promise, excuse, values, errors}."""
    ticket, now = finding.get(viewer(), number), clock.opened()
    given = {(row.metric, row.cycle, row.excuse): row for row in acts.of(ticket)}
    asked = acts.wanted(ticket)
    rows = [
        row
        for row in tracking.timers([ticket.ref])[ticket.ref]
        if row.breached_at is not None or (row.metric, row.cycle) in asked
    ]
    return render_template(
        "desk/causes.html",
        number=ticket.number,
        title=ticket.title,
        back=url_for("desk.ticket", number=ticket.number),
        rows=[_row(row, given, asked, now, form) for row in rows],
        causes=labels.options(),
        may_excuse=_answers(ticket),
    )


def _answers(ticket: Ticket) -> bool:
    return ticket.queue_id in queues_of(viewer())


def _row(
    row: TimerRow,
    given: dict[tuple[str, int, bool], BreachCause],
    asked: list[Promise],
    now: datetime,
    form: dict[str, Any],
) -> dict[str, Any]:
    promise = (row.metric, row.cycle)
    mine = form.get("promise") == promise
    nothing: dict[str, Any] = {"values": {}, "errors": {}}
    late = (row.stopped_at or now) - row.breached_at if row.breached_at else None
    return {
        "metric": row.metric,
        "cycle": row.cycle,
        "what": metric_words(row.metric),
        "due_words": compact_words(row.breached_at, now) if row.breached_at else "",
        "due_iso": instant(row.breached_at) if row.breached_at else "",
        "late_words": span_words(late) if late is not None else "",
        "owed": row.breached_at is not None and row.stopped_at is None,
        "wanted": promise in asked,
        "cause": _said(given.get((*promise, False)), now),
        "excuse": _said(given.get((*promise, True)), now),
        "cause_form": form if mine and not form["excuse"] else nothing,
        "excuse_form": form if mine and form["excuse"] else nothing,
    }


def _said(row: BreachCause | None, now: datetime) -> dict[str, str] | None:
    if row is None:
        return None
    return {
        "value": row.cause,
        "words": labels.cause_words(row.cause),
        "remark": row.remark or "",
        "who": directory.name_of(row.given_by) or "",
        "when_words": compact_words(row.given_at, now),
    }


@blueprint.post(f"{ONE}/sebab")
@staff(*DESK)
def give(number: str, metric: str, cycle: int) -> BaseResponse | tuple[str, int]:
    """Name the cause of a missed promise."""
    return _do(number, metric, cycle, excuse=False)


@blueprint.post(f"{ONE}/dispensasi")
@staff(*DESK)
def excuse(number: str, metric: str, cycle: int) -> BaseResponse | tuple[str, int]:
    """Excuse it; only whoever answers for the queue may."""
    return _do(number, metric, cycle, excuse=True)


@blueprint.post(f"{ONE}/dispensasi/cabut")
@staff(*DESK)
def withdraw(number: str, metric: str, cycle: int) -> BaseResponse:
    """Take an excuse back."""
    me, promise = viewer(), _promise(metric, cycle)
    with transaction():
        ticket = finding.lock(me, number)
        _only_who_answers(ticket)
        acts.withdraw(ticket.id, promise, me.id)
    flash(gettext("The excuse has been taken back."), "met")
    return redirect(url_for("causes.index", number=number), 303)


def _do(number: str, metric: str, cycle: int, *, excuse: bool) -> BaseResponse | tuple[str, int]:
    me, promise = viewer(), _promise(metric, cycle)
    cause, remark = request.form.get("cause", ""), request.form.get("remark", "")
    try:
        with transaction():
            ticket = finding.lock(me, number)
            if excuse:
                _only_who_answers(ticket)
            doing = acts.excuse if excuse else acts.give
            doing(ticket.id, promise, cause, remark, me.id)
    except Invalid as error:
        db.session.rollback()
        values = {"cause": cause, "remark": remark}
        form = {"promise": promise, "excuse": excuse, "values": values, "errors": error.fields}
        return _page(number, form), 422
    flash(gettext("Saved. The missed promise stays in every figure."), "met")
    return redirect(url_for("causes.index", number=number), 303)


def _promise(metric: str, cycle: int) -> Promise:
    if metric not in {one.value for one in Metric} or cycle > 10_000:
        raise NotFound(gettext("This promise was not missed."))
    return metric, cycle


def _only_who_answers(ticket: Ticket) -> None:
    if not _answers(ticket):
        raise NotAllowed(gettext("Only supervisors of this queue excuse a missed promise."))
