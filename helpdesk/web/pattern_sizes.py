"""Administrators' page: how patterns are judged."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core.database import db, transaction
from core.errors import Invalid
from core.i18n import gettext
from helpdesk.patterns import sizes

blueprint = Blueprint("pattern_sizes", __name__, url_prefix="/pengaturan/perlu-dilihat")


@blueprint.get("")
@staff(Role.ADMIN)
def index() -> str:
    return _page({"values": sizes.typed(sizes.current()), "errors": {}})


def _page(form: dict[str, Any]) -> str:
    fields = {
        "near": (
            gettext("Near the date: minutes"),
            gettext("Of office time before the date; what is done then is shown."),
        ),
        "short": (
            gettext("A short pause: minutes"),
            gettext("Of office time; one over a closing is shown if it is shorter."),
        ),
        "letters": (
            gettext("A question: letters"),
            gettext("With fewer, a message asks for little."),
        ),
        "waiting": (
            gettext("Waiting for the citizen: hours"),
            gettext("Of office time, all waits of a report together."),
        ),
        "pauses": (
            gettext("Questions with a wait"),
            gettext("So many of one report are nothing special."),
        ),
        "settlings": (
            gettext("Reopened: times"),
            gettext("A report that was reopened so often is shown."),
        ),
    }
    return render_template(
        "desk/pattern_sizes.html",
        form=form,
        fields=[
            {"name": name, "label": label, "hint": hint, "least": least, "most": most}
            for name, (label, hint) in fields.items()
            for least, most in (sizes.LIMITS[name],)
        ],
    )


@blueprint.post("")
@staff(Role.ADMIN)
def change() -> BaseResponse | tuple[str, int]:
    """Other measures; the whole log is looked at anew by them."""
    try:
        with transaction():
            sizes.change(request.form, viewer().ref)
    except Invalid as error:
        db.session.rollback()
        return _page({"values": request.form.to_dict(), "errors": error.fields}), 422
    flash(gettext("Saved. What is shown follows within some minutes."), "met")
    return redirect(url_for("pattern_sizes.index"), 303)
