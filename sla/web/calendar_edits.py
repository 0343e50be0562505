"""What administrators change of a calendar's draft; nothing of it is promised yet."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core.database import transaction
from core.errors import Invalid
from core.i18n import gettext, ngettext
from core.pages.typed_line import line
from sla.calendars import editing, ical, typed
from sla.calendars.building import Day
from sla.web.calendars import page

blueprint = Blueprint("calendar_edits", __name__, url_prefix="/pengaturan/kalender")
admin_only = staff(Role.ADMIN)
LONGEST_NOTE = 120
Answer = BaseResponse | tuple[str, int]


def _edit(key: str, of: str, act: Callable[[], str]) -> Answer:
    """Do it in one transaction; what was refused is shown again with its sentences."""
    try:
        with transaction():
            words = act()
    except Invalid as error:
        typed_ = {name: value for name, value in request.form.items() if name != "csrf_token"}
        return page(key, {"values": typed_, "errors": error.fields}, of), 422
    flash(words, "met")
    year = (request.form.get("tahun") or request.form.get("first", ""))[:4]
    return redirect(url_for("calendars.show", key=key, tahun=year or None), 303)


@blueprint.post("/<key>/minggu")
@admin_only
def week(key: str) -> Answer:
    def act() -> str:
        form = request.form
        hours = typed.week(form)
        closes = ("holidays" in form, "joint_leave" in form)
        editing.set_week(key, hours, form.get("timezone", ""), *closes, viewer().ref)
        return gettext("Saved. Nothing is promised by it until it is published.")

    return _edit(key, "week", act)


@blueprint.post("/<key>/hari")
@admin_only
def days(key: str) -> Answer:
    def act() -> str:
        form = request.form
        first = typed.day(form.get("first", ""), "first")
        last = typed.day(form["last"], "last") if form.get("last") else first
        kind = form.get("kind", "")
        note = line(form.get("note", ""), "note", LONGEST_NOTE, needed=False)
        own: Day | None = None
        if kind == "hours":
            openings = typed.hours(form.get("hours", ""), "hours")
            if not openings:
                words = gettext("Please give the hours, or choose closed.")
                raise Invalid(fields={"hours": words})
            own = Day(kind, openings, note)
        elif kind in ("closed", "open"):
            own = Day(kind, [], note)
        elif kind != "usual":
            raise Invalid(fields={"kind": gettext("Please choose what the day is.")})
        count = editing.set_days(key, first, last, own, viewer().ref)
        return ngettext("%(num)s day is kept.", "%(num)s days are kept.", count)

    return _edit(key, "days", act)


@blueprint.post("/<key>/masa")
@admin_only
def span(key: str) -> Answer:
    def act() -> str:
        form = request.form
        first = typed.day(form.get("first", ""), "first")
        last = typed.day(form.get("last", ""), "last")
        editing.add_span(key, form.get("name", ""), first, last, typed.week(form), viewer().ref)
        return gettext("Saved. Nothing is promised by it until it is published.")

    return _edit(key, "span", act)


@blueprint.post("/<key>/masa/<int:span_id>/penghapusan")
@admin_only
def remove_span(key: str, span_id: int) -> Answer:
    def act() -> str:
        editing.remove_span(key, span_id, viewer().ref)
        return gettext("Removed. Nothing is promised by it until it is published.")

    return _edit(key, "span", act)


@blueprint.post("/<key>/berkas")
@admin_only
def file(key: str) -> Answer:
    def act() -> str:
        given = request.files.get("file")
        if given is None or not given.filename:
            raise Invalid(fields={"file": gettext("Please choose a file.")})
        found = editing.bring_in(key, given.stream.read(ical.LARGEST + 1), viewer().ref)
        words = ngettext(
            "%(num)s day is closed by the file.", "%(num)s days are closed by the file.",
            len(found.days),
        )  # fmt: skip
        if found.left_out:
            words += " " + ngettext(
                "%(num)s event with hours was left out.",
                "%(num)s events with hours were left out.",
                found.left_out,
            )
        return words

    return _edit(key, "file", act)
