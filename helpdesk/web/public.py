"""The citizen's first pages: home, the complaint form, and the receipt."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from accounts import cookies, guests
from accounts.frame import urls
from accounts.guard import public
from accounts.marks import REPORTS
from core import clock, refs
from core.database import transaction
from core.errors import Invalid
from core.i18n import gettext
from core.pages import floods
from core.pages.http import keeps_text, stale
from core.secrets import code_in_groups
from helpdesk import filing
from helpdesk.conversations.thread import SentBefore
from helpdesk.promises import reasons
from helpdesk.receipts import Receipt
from helpdesk.web import receipt_page, report_form
from helpdesk.web.uploads import read_uploads
from helpdesk.wording.labels import today_words

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@public
def home() -> str:
    now = clock.opened()
    words = refs.summary("permit_type")
    return render_template(
        "public/home.html", q="", permits_words=words, today=today_words(now), score=None
    )


@blueprint.get("/lapor")
@public
def report() -> str:
    about = (request.args.get(name, "") for name in ("permit_type", "topic"))
    return _form_page(report_form.empty(*about), report_form.new_key())


@blueprint.post("/lapor")
@public
@keeps_text
@floods.limited("filing", 1200)
def send_report() -> BaseResponse | tuple[str, int]:
    """File; a repeated key gives the same receipt again. Any error shows the form as it was."""
    key = request.form.get("key", "")
    if stale():
        sentence = gettext("This page had been open for a long time. Please send it once more.")
        return _again({"form": sentence}, key), 400
    try:
        filed = report_form.read(request.form, _uploads())
        with transaction():
            receipt = filing.file(filed)
            token = guests.open_guest(f"ticket:{receipt.ticket_id}", receipt.seal())
    except SentBefore as error:
        return _again({"form": str(error)}, ""), error.status
    except Invalid as error:
        return _again(error.fields or {"form": str(error)}, key), error.status
    answer = make_response(redirect(url_for("public.receipt"), 303))
    cookies.put(answer, cookies.GUEST, token)
    REPORTS.add(answer, receipt.code)
    return answer


def _uploads() -> Any:
    try:
        return read_uploads(request.files.getlist("files"))
    except Invalid as error:
        return error


def _again(errors: dict[str, str], key: str) -> str:
    form = {
        "values": report_form.values_of(request.form),
        "errors": errors,
        "had_files": any(f.filename for f in request.files.getlist("files")),
    }
    return _form_page(form, key or report_form.new_key())


def _form_page(form: dict[str, Any], key: str) -> str:
    now = clock.opened()
    return render_template(
        "public/report.html",
        form=form,
        key=key,
        promise_words=reasons.if_sent_now(now),
        urls=urls(report=url_for("public.send_report")),
        **report_form.choices(),
    )


@blueprint.get("/lapor/terkirim")
@public
def receipt() -> Response | BaseResponse | str:
    """Code, PIN and promise, as long as this device's guest session holds the receipt."""
    sealed = guests.receipt_of(cookies.read(cookies.GUEST))
    if sealed is None:
        return redirect(url_for("tracking.door"))
    kept = Receipt.open(sealed)
    address = current_app.config["BASE_URL"] + url_for("tracking.door")
    return render_template(
        "public/receipt.html",
        code=code_in_groups(kept.code),
        pin=f"{kept.pin[:3]} {kept.pin[3:]}",
        copy_text=gettext(
            "Report %(number)s. Tracking code %(code)s, PIN %(pin)s. Follow it at %(address)s",
            number=kept.number,
            code=code_in_groups(kept.code),
            pin=kept.pin,
            address=address,
        ),
        urls=urls(ticket=url_for("tracking.mine")),
        **receipt_page.context(kept, clock.opened()),
    )
