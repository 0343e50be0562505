"""Administrators' page of the levels: who stands where, from when until when, and who is asked
now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from accounts.directory import everybody, name_of
from accounts.guard import staff
from accounts.labels import role_names
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.canonical import instant
from core.database import db, transaction
from core.errors import Invalid
from core.i18n import gettext
from helpdesk.escalations import levels, naming
from helpdesk.escalations.history import turn_words
from helpdesk.escalations.labels import level_words
from helpdesk.escalations.levels import Staffing
from helpdesk.models import LevelPerson
from helpdesk.rules.levels import TOP, USUAL_TOP
from helpdesk.web.typed_moments import moment, shown

blueprint = Blueprint("levels", __name__, url_prefix="/pengaturan/jenjang")
admin_only = staff(Role.ADMIN)
WAYS = {"usual": False, "apart": True}


@blueprint.get("")
@admin_only
def index() -> str:
    return _page({}, {})


def _page(errors: Mapping[str, str], values: Mapping[str, Any], of: int | None = None) -> str:
    """`of`: the line whose turn was refused; None: the form of a new one."""
    there = levels.staffing(clock.opened())
    rows = db.session.scalars(
        select(LevelPerson).order_by(LevelPerson.apart, LevelPerson.level, LevelPerson.id)
    ).all()
    return render_template(
        "desk/levels.html",
        form={"errors": errors, "values": values},
        of=of,
        ways=[
            {
                "name": gettext("The office's ladder"),
                "rungs": _rungs(there, rows, apart=False),
                "people": [_line(row, there.at) for row in rows if not row.apart],
            },
            {
                "name": gettext("The ladder apart"),
                "hint": gettext(
                    "For confidential reports and those about unofficial levies: it goes past the "
                    "unit that they name."
                ),
                "rungs": _rungs(there, rows, apart=True),
                "people": [_line(row, there.at) for row in rows if row.apart],
            },
        ],
        levels=[{"value": n, "label": level_label(n)} for n in range(1, TOP + 1)],
        choices=[
            {"value": "usual", "label": gettext("The office's ladder")},
            {"value": "apart", "label": gettext("The ladder apart")},
        ],
        colleagues=colleagues(there),
    )


def colleagues(there: Staffing) -> list[dict[str, Any]]:
    """Those who work here, by name, as options of a list."""
    return [
        {"value": one.id, "label": one.name}
        for one in everybody().values()
        if one.id in there.roles
    ]


def level_label(level: int, *, apart: bool = False) -> str:
    words = level_words(level, apart=apart)
    return f"{level}: {words}" if level <= USUAL_TOP else words


def _rungs(there: Staffing, rows: Any, *, apart: bool) -> list[dict[str, Any]]:
    """The levels that there are, with who is asked there now."""
    named = {row.level for row in rows if row.apart is apart}
    found = []
    for level in range(1, TOP + 1):
        if level > USUAL_TOP and level not in named:
            continue
        now = [name_of(user_id) or "" for user_id in there.people_of(level, apart=apart)]
        usual = role_names()[levels.usual_role(level, apart=apart)]
        found.append(
            {
                "level": level_label(level, apart=apart),
                "words": ", ".join(now) or gettext("nobody is there"),
                "meta": gettext("asked now")
                if there.named_of(level, apart=apart)
                else gettext("nobody of those named is there, so: %(role)s", role=usual)
                if level in named
                else gettext("nobody named, so: %(role)s", role=usual),
                "reached": "" if now else "late",
            }
        )
    return found


def _line(row: LevelPerson, now: datetime) -> dict[str, Any]:
    ends = {"since": row.since, "until": row.until}
    said = {name: instant(at) for name, at in ends.items() if at is not None}
    over = row.until is not None and row.until <= now
    return {
        "id": row.id,
        "level": level_label(row.level, apart=row.apart),
        "person": name_of(row.user_id) or "",
        "turn": turn_words(said),
        "over": over,
        "since": shown(row.since),
        "until": shown(row.until),
    }


@blueprint.post("")
@admin_only
def name() -> BaseResponse | tuple[str, int]:
    form, wrong = request.form, dict[str, str]()
    since, until = moment(form, "since", wrong), moment(form, "until", wrong)
    if form.get("way", "usual") not in WAYS:
        wrong["way"] = gettext("Please choose one from the list.")
    try:
        if wrong:
            raise Invalid(fields=wrong)
        with transaction():
            naming.name(
                number(form.get("level", "")),
                number(form.get("person", "")),
                viewer().ref,
                apart=WAYS[form.get("way", "usual")],
                since=since,
                until=until,
            )
    except Invalid as error:
        return _page(error.fields, dict(form)), 422
    return _back()


@blueprint.post("/<int:line_id>")
@admin_only
def turn(line_id: int) -> BaseResponse | tuple[str, int]:
    """Another turn of somebody at their level."""
    form, wrong = request.form, dict[str, str]()
    since, until = moment(form, "since", wrong), moment(form, "until", wrong)
    try:
        if wrong:
            raise Invalid(fields=wrong)
        with transaction():
            naming.change_turn(line_id, since, until, viewer().ref)
    except Invalid as error:
        return _page(error.fields, dict(form), line_id), 422
    return _back()


@blueprint.post("/<int:line_id>/lepas")
@admin_only
def take_off(line_id: int) -> BaseResponse:
    with transaction():
        naming.take_off(line_id, viewer().ref)
    return _back()


def number(words: str) -> int:
    """A whole number that was chosen; 0 for anything else."""
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else 0


def _back() -> BaseResponse:
    flash(gettext("Saved."), "met")
    return redirect(url_for("levels.index"), 303)
