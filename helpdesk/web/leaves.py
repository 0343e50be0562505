"""Leave: everybody enters their own, administrators everybody's, each with who stands in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from accounts.directory import name_of
from accounts.guard import staff
from accounts.rules.access import Role, Viewer
from accounts.who import viewer
from core import clock
from core.database import db, transaction
from core.errors import Invalid
from core.i18n import date_words, gettext, local
from helpdesk.escalations import leaving, levels
from helpdesk.models import LeaveRow
from helpdesk.web.levels import colleagues, number
from helpdesk.web.typed_moments import begin_of, day, end_of

blueprint = Blueprint("leaves", __name__, url_prefix="/pengaturan/cuti")

# The form's names of what the use case calls since and until.
FIELDS = {"since": "first", "until": "last"}


@blueprint.get("")
@staff()
def index() -> str:
    return _page({}, {})


def _page(errors: Mapping[str, str], values: Mapping[str, Any]) -> str:
    me, now = viewer(), clock.opened()
    asked = select(LeaveRow).where(LeaveRow.until > now).order_by(LeaveRow.since, LeaveRow.id)
    if not _all(me):
        asked = asked.where(LeaveRow.user_id == me.id)
    return render_template(
        "desk/leaves.html",
        form={"errors": errors, "values": values},
        me={"id": me.id, "all": _all(me)},
        leaves=[_line(row, now) for row in db.session.scalars(asked)],
        colleagues=colleagues(levels.staffing(now)),
    )


def _all(me: Viewer) -> bool:
    """Administrators enter everybody's."""
    return Role.ADMIN in me.roles


def _line(row: LeaveRow, now: datetime) -> dict[str, Any]:
    last = local(row.until - timedelta(seconds=1)).date()
    return {
        "id": row.id,
        "person": name_of(row.user_id) or "",
        "first": date_words(local(row.since).date()),
        "last": date_words(last),
        "substitute": name_of(row.substitute_id) or "",
        "now": row.since <= now,
    }


@blueprint.post("")
@staff()
def grant() -> BaseResponse | tuple[str, int]:
    me, form, wrong = viewer(), request.form, dict[str, str]()
    first, last = day(form, "first", wrong), day(form, "last", wrong)
    person = number(form.get("person", "")) if _all(me) else me.id
    other = form.get("substitute", "").strip()
    try:
        if first is None or last is None:
            raise Invalid(fields=wrong)
        with transaction():
            leaving.grant_leave(
                person, begin_of(first), end_of(last), number(other) if other else None, me.ref
            )
    except Invalid as error:
        fields = {FIELDS.get(name, name): words for name, words in error.fields.items()}
        return _page(fields, dict(form)), 422
    flash(gettext("The leave is noted; meanwhile the substitute is asked."), "met")
    return redirect(url_for("leaves.index"), 303)


@blueprint.post("/<int:leave_id>/akhiri")
@staff()
def end(leave_id: int) -> BaseResponse:
    """Somebody is back, or does not go after all."""
    me = viewer()
    with transaction():
        leaving.end_leave(leave_id, me.ref, None if _all(me) else me.id)
    flash(gettext("The leave was taken out."), "met")
    return redirect(url_for("leaves.index"), 303)
