"""An act on a ticket as a POST address: found through the viewer, done by one use case.

Whatever is refused shows the page again with what was typed and why.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.rules.access import Viewer
from accounts.who import viewer as signed_in
from core.database import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.i18n import gettext
from core.pages.http import keeps_text, stale
from helpdesk.conversations.thread import SentBefore
from helpdesk.lists import finding
from helpdesk.web import ticket_page
from helpdesk.web.desk import DESK
from helpdesk.web.uploads import read_uploads

blueprint = Blueprint("desk_acts", __name__, url_prefix="/laporan/<number>")


Doing = Callable[..., object]  # (ticket, viewer), and (ticket, viewer, files) where files may come
FIELDS = {"body": "text", "of": "other"}


def act(verb: str, path: str, *, files: bool = False) -> Callable[[Doing], Doing]:
    """Make a POST address of a function that does one use case. `files`: it gets those that were
    sent as well, cleaned before the transaction, for that is slow."""

    def decorate(doing: Doing) -> Doing:
        @blueprint.post(path, endpoint=doing.__name__)
        @staff(*DESK)
        @keeps_text
        @wraps(doing)
        def view(number: str) -> BaseResponse | tuple[str, int]:
            return _carry_out(verb, number, doing, files)

        return doing

    return decorate


def _carry_out(verb: str, number: str, doing: Doing, files: bool) -> BaseResponse | tuple[str, int]:
    viewer = signed_in()
    finding.get(viewer, number)  # what is not there is not waited for
    try:
        if stale():
            raise Invalid(
                gettext("This page had been open for a long time. Please send it once more.")
            )
        sent = [read_uploads(request.files.getlist("files"))] if files else []
        with transaction():
            doing(finding.lock(viewer, number), viewer, *sent)
    except (Invalid, Conflict) as error:
        return _again(verb, number, error), error.status
    flash(_done(verb), "met")
    return redirect(_onwards(viewer, number), 303)


def _onwards(viewer: Viewer, number: str) -> str:
    """The ticket; or the list, for whoever moved it to where they read nothing."""
    try:
        finding.get(viewer, number)
    except NotFound:
        return url_for("desk.queue")
    return url_for("desk.ticket", number=number)


def _again(verb: str, number: str, error: Invalid | Conflict) -> str:
    db.session.rollback()
    db.session.expire_all()
    fields = error.fields if isinstance(error, Invalid) else {}
    errors = {FIELDS.get(name, name): words for name, words in fields.items()}
    if not errors:
        errors = {"form": str(error)}
        flash(str(error), "late")
    shown = "reply" if verb in ("ask", "resolve") else verb
    form: dict[str, Any] = {"values": dict(request.form), "errors": errors}
    key = "" if isinstance(error, SentBefore) else request.form.get("key", "")
    return ticket_page.page(number, {shown: form}, key)


def _done(verb: str) -> str:
    return {
        "reply": gettext("Your answer has been sent."),
        "ask": gettext("Your question has been sent; the report waits for the citizen."),
        "resolve": gettext("Sent, and the report is settled."),
        "note": gettext("The note has been saved."),
    }.get(verb, gettext("Done."))
