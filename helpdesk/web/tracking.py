"""A citizen's own report: opened by code and PIN, read, answered, reopened, left again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts import cookies, guests, throttle
from accounts.frame import urls
from accounts.guard import guest, public
from accounts.marks import REPORTS
from accounts.who import current_guest
from core import clock
from core.database import db, transaction
from core.errors import Invalid, NotFound, NotSignedIn, TooMany
from core.i18n import gettext
from core.pages import floods
from core.pages.http import keeps_text, stale
from core.secrets import normal_code
from helpdesk import requester
from helpdesk.conversations import conversation
from helpdesk.conversations.thread import SentBefore
from helpdesk.lists import marks, presenting
from helpdesk.models import Ticket
from helpdesk.promises import aftermath, promise
from helpdesk.promises.as_told import own_as_told
from helpdesk.rules.lifecycle import MOVES, Action, Status
from helpdesk.web import guesses, receipt_page, report_form, windows
from helpdesk.web.uploads import read_uploads
from helpdesk.wording.labels import reply_hint, status_words

blueprint = Blueprint("tracking", __name__)


@blueprint.get("/lacak")
@public
def door() -> str:
    return _door({"values": {}, "errors": {}})


def _door(form: dict[str, Any]) -> str:
    return render_template(
        "public/track_login.html", form=form, urls=urls(track=url_for("tracking.enter"))
    )


@blueprint.post("/lacak")
@public
@keeps_text
def enter() -> BaseResponse | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Exchange code and PIN for a guest's session; wrong, closed and unknown look alike."""
    typed = {"code": request.form.get("code", "")[:40], "pin": ""}
    if stale():
        sentence = gettext("This page had been open for a long time. Please send it once more.")
        return _door({"values": typed, "errors": {"form": sentence}}), 400
    try:
        with throttle.counted(*guesses.limits(typed["code"])), transaction():
            ticket = requester.find(typed["code"], request.form.get("pin", "")[:20])
            token = guests.open_guest(ticket.ref)
    except TooMany as error:
        page = _door({"values": typed, "errors": {"form": str(error)}})
        return page, error.status, {"Retry-After": str(error.wait)}
    except NotFound as error:
        return _door({"values": typed, "errors": {"code": str(error)}}), 422
    answer = make_response(redirect(url_for("tracking.mine"), 303))
    cookies.put(answer, cookies.GUEST, token)
    REPORTS.add(answer, normal_code(typed["code"]))
    return answer


def own_ticket() -> Ticket:
    """The ticket that this device opened. Raises NotSignedIn."""
    found = current_guest()
    ticket = None
    if found is not None and found.ref.startswith("ticket:"):
        ticket = db.session.get(Ticket, int(found.ref.partition(":")[2]))
    if ticket is None:
        raise NotSignedIn(gettext("Please open your report with code and PIN."))
    return ticket


@blueprint.get("/laporan-saya")
@guest
def mine() -> str:
    return _page({"values": {}, "errors": {}}, report_form.new_key())


def _page(form: dict[str, Any], key: str) -> str:
    ticket, now = own_ticket(), clock.opened()
    window = conversation.for_citizen(ticket, now, windows.key("sebelum"))
    rows = own_as_told(ticket, now)
    return render_template(
        "public/track.html",
        ticket={
            "number": ticket.number,
            "title": ticket.title,
            "status": {"state": promise.tone(ticket, rows, now), "words": status_words(ticket)},
        },
        promise=promise.promise_panel(ticket, rows, now, url_for("ledgers.mine")),
        happened=aftermath.happened(ticket, rows, now),
        asked=conversation.question(ticket) if ticket.status == Status.PENDING else "",
        lines=window.lines,
        ways=windows.citizen(window),
        room=f"track:{ticket.id}",
        fresh_url=url_for("tracking.fresh"),
        mark=marks.of_ticket(ticket.ref, public=True),
        journey=presenting.journey(ticket, now, rows),
        details=receipt_page.details(ticket),
        form=form,
        can_reply=True,
        reply_hint=reply_hint(ticket),
        key=key,
        limits=report_form.LIMITS,
        may_withdraw=ticket.status in MOVES[Action.WITHDRAW],
        urls=urls(
            reply=url_for("tracking.reply"),
            withdraw=url_for("tracking.withdraw"),
            leave=url_for("tracking.leave"),
        ),
    )


@blueprint.get("/laporan-saya/pesan")
@guest
def fresh() -> str | BaseResponse | tuple[str, int]:
    """Lines after the last one that the page shows, or before the first."""
    ticket, before = own_ticket(), windows.key("sebelum")
    if before is not None:
        window = conversation.for_citizen(ticket, clock.opened(), before)
        return windows.fragment(window.lines, windows.citizen(window))
    lines = conversation.for_citizen_after(ticket, clock.opened(), windows.key("sesudah") or 0)
    return windows.caught_up(lines, marks.of_ticket(ticket.ref, public=True))


@blueprint.post("/laporan-saya/pesan")
@guest
@keeps_text
@floods.limited("writing", 1200)
def reply() -> BaseResponse | tuple[str, int]:
    """Write; what was resolved is reopened by it, what was closed goes on as a new report."""
    key, text = request.form.get("key", ""), request.form.get("text", "")
    ticket_id = own_ticket().id
    try:
        if stale():
            raise Invalid(
                gettext("This page had been open for a long time. Please send it once more.")
            )
        uploads = read_uploads(request.files.getlist("files"))
        with transaction():
            written = requester.write(ticket_id, text, key or None, uploads)
            token = None
            if written.receipt is not None:
                token = guests.open_guest(
                    f"ticket:{written.receipt.ticket_id}", written.receipt.seal()
                )
    except Invalid as error:
        errors = {("text" if k == "body" else k): v for k, v in error.fields.items()}
        form = {"values": {"text": text}, "errors": errors or {"form": str(error)}}
        used = not key or isinstance(error, SentBefore)
        return _page(form, report_form.new_key() if used else key), 422
    if token is None:
        return redirect(url_for("tracking.mine") + "#percakapan", 303)
    answer = make_response(redirect(url_for("public.receipt"), 303))
    cookies.put(answer, cookies.GUEST, token)
    if written.receipt is not None:
        REPORTS.add(answer, written.receipt.code)
    return answer


@blueprint.post("/laporan-saya/pencabutan")
@guest
def withdraw() -> BaseResponse:
    """Take the report back; nobody works on it any more."""
    ticket_id = own_ticket().id
    with transaction():
        requester.withdraw(ticket_id)
    return redirect(url_for("tracking.mine"), 303)


@blueprint.post("/laporan-saya/tutup")
@public
def leave() -> BaseResponse:
    """Forget this report on this device."""
    token = cookies.read(cookies.GUEST)
    with transaction():
        if token:
            guests.end_guest(token)
    answer = make_response(redirect("/", 303))
    cookies.drop(answer, cookies.GUEST)
    return answer
