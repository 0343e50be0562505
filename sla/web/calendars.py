"""Administrators' pages of calendars: which there are, a year of one, and publishing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.database import transaction
from core.errors import Invalid
from core.i18n import gettext, local
from sla.calendars import drafts, editing, foresight, history, sharing, year
from sla.calendars.typed import shown
from sla.models import Move
from sla.recalculation import moves, publishing
from sla.rules.calendar_form import DAYS

blueprint = Blueprint("calendars", __name__, url_prefix="/pengaturan/kalender")
admin_only = staff(Role.ADMIN)


@blueprint.get("")
@admin_only
def index() -> str:
    return _index({"values": {}, "errors": {}})


def _index(form: dict[str, Any]) -> str:
    now = clock.opened()
    return render_template(
        "calendars/index.html",
        form=form,
        calendars=[_line(draft.key, draft.name) for draft in drafts.all_of()],
        moves=history.newest_moves(now),
        history=history.latest(now),
    )


def _line(key: str, name: str) -> dict[str, Any]:
    newest = publishing.newest_calendar(key)
    form = drafts.written(key, clock.opened())
    return {
        "name": name,
        "key": key,
        "url": url_for("calendars.show", key=key),
        "revision": newest.revision if newest else None,
        "until": str(form["until"])[:4],
        "waiting": newest is None or newest.definition != form,
    }


@blueprint.post("")
@admin_only
def add() -> BaseResponse | tuple[str, int]:
    try:
        with transaction():
            name, like = request.form.get("name", ""), request.form.get("like", "")
            key = editing.add(name, like, viewer().ref).key
    except Invalid as error:
        return _index({"values": dict(request.form), "errors": error.fields}), 422
    flash(gettext("The calendar is there; it binds nobody until it is published."), "met")
    return redirect(url_for("calendars.show", key=key), 303)


@blueprint.get("/<key>")
@admin_only
def show(key: str) -> str:
    return page(key, {"values": {}, "errors": {}})


def page(key: str, form: dict[str, Any], of: str = "") -> str:
    """The year view with its forms; `of` names the form that was refused."""
    now = clock.opened()
    draft, reach = drafts.find(key), drafts.years(now)
    asked = request.args.get("tahun", local(now).year, type=int)
    wanted = asked if asked in reach else local(now).year
    newest, written = publishing.newest_calendar(key), drafts.written(key, now)
    return render_template(
        "calendars/year.html",
        form=form,
        of=of,
        draft={"key": key, "name": draft.name, "timezone": draft.timezone,
               "holidays": draft.holidays, "joint_leave": draft.joint_leave},
        week=[(name, shown(draft.week.get(name, []))) for name in DAYS],
        day_names=history.day_names(),
        zones=[{"value": zone, "label": zone} for zone in editing.ZONES],
        spans=[history.span_line(span) for span in drafts.spans(key)],
        page=year.page(written, newest.definition if newest else None, wanted),
        years=list(reach),
        waiting=newest is None or newest.definition != written,
        odd=drafts.check_softly(written, now),
        revision=newest.revision if newest else None,
    )  # fmt: skip


@blueprint.get("/<key>.ics")
@admin_only
def file(key: str) -> Response:
    draft, now = drafts.find(key), clock.opened()
    content = sharing.file(draft.name, drafts.written(key, now), now)
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="kalender-{key}.ics"'
    return answer


@blueprint.get("/<key>/pratinjau")
@admin_only
def preview(key: str) -> str:
    """What publishing would do; nothing is changed by looking."""
    draft, now = drafts.find(key), clock.now()
    written = drafts.written(key, now)
    newest = publishing.newest_calendar(key)
    problem, found = "", None
    try:
        drafts.check(written, now)
        found = foresight.foresee(key, written, now)
    except Invalid as error:
        problem = " ".join(error.fields.values())
    shown_years = drafts.years(now)
    changed = [
        cell
        for each in shown_years
        for cell in year.page(written, newest.definition if newest else None, each)["changed"]
    ]
    return render_template(
        "calendars/preview.html",
        draft={"key": key, "name": draft.name},
        found=found,
        words=history.foresight_words(found),
        looked=history.looked_words(found) if found else "",
        problem=problem,
        changed=changed[:60],
        more=max(0, len(changed) - 60),
        waiting=newest is None or newest.definition != written,
    )


@blueprint.post("/<key>/terbitan")
@admin_only
def publish(key: str) -> BaseResponse:
    try:
        with transaction():
            made = editing.publish(key, viewer().ref)
    except Invalid as error:
        flash(" ".join(error.fields.values()), "late")
        return redirect(url_for("calendars.preview", key=key), 303)
    if made is None:
        flash(gettext("This is in force already."), "met")
        return redirect(url_for("calendars.show", key=key), 303)
    flash(gettext("Published. New reports are promised by it; open ones follow now."), "met")
    found = moves.of_what(f"calendar:{made}")
    if found is None:
        return redirect(url_for("calendars.show", key=key), 303)
    return redirect(url_for("calendars.progress", move_id=found), 303)


@blueprint.get("/perpindahan/<int:move_id>")
@admin_only
def progress(move_id: int) -> str:
    from core.database import db

    move = db.session.get(Move, move_id)
    if move is None:
        abort(404)
    return render_template("calendars/move.html", move=history.move_line(move, clock.opened()))
