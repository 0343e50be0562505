"""The desk's pages: the queue, a ticket, and what both fetch while they are open."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.database import transaction
from helpdesk.conversations import conversation
from helpdesk.lists import arrivals, finding, marks, worklist
from helpdesk.notifying import notices
from helpdesk.web import lists, ticket_page, windows

blueprint = Blueprint("desk", __name__)
DESK = (Role.AGENT, Role.SUPERVISOR, Role.COUNTER, Role.INSPECTOR)


def _view() -> str:
    wanted = request.args.get("antrean")
    if wanted:
        return wanted
    queues = finding.queues_of(viewer())
    return str(queues[0].id) if len(queues) == 1 else "semua"


@blueprint.get("/antrean")
@staff(*DESK)
def queue() -> str:
    context = lists.context(viewer(), _view(), clock.opened(), request.args.get("dari"))
    return render_template("desk/queue.html", **context)


@blueprint.get("/antrean/baris")
@staff(*DESK)
def rows() -> Response:
    """The first page's rows alone, with the cursor to count new ones from."""
    context = lists.context(viewer(), _view(), clock.opened())
    answer = make_response(render_template("desk/_rows.html", rows=context["rows"]))
    answer.headers["X-Cursor"] = str(context["queue"]["cursor"])
    answer.headers["X-Mark"] = context["queue"]["mark"]
    return answer


@blueprint.get("/antrean/baru")
@staff(*DESK)
def fresh_count() -> Response:
    """How many came into the view since the page was loaded, and a mark of its rows as they are.
    Without a mark of a page: since now."""
    said = request.args.get("sejak")
    page = arrivals.read(said) if said is not None else arrivals.Seen(clock.opened(), ())
    queues = finding.queues_of(viewer())
    criterion = worklist.view_criterion(_view(), viewer().id, queues, clock.opened())
    shown = worklist.page(criterion, request.args.get("dari"))
    return jsonify({"count": arrivals.since(criterion, page), "mark": marks.of_rows(shown.tickets)})


@blueprint.get("/laporan/<number>")
@staff(*DESK)
def ticket(number: str) -> str:
    """One ticket; `sebelum` asks for the lines of its thread before one, `ubah=rincian` for the
    form of its place and service."""
    details = request.args.get("ubah") == "rincian"
    return ticket_page.page(number, before=windows.key("sebelum"), details=details)


@blueprint.get("/laporan/<number>/pesan")
@staff(*DESK)
def fresh(number: str) -> str | Response | tuple[str, int]:
    """Lines after the last one that the page shows, or before the first."""
    found, before = finding.get(viewer(), number), windows.key("sebelum")
    if before is not None:
        window = conversation.for_office(found, clock.opened(), before)
        return windows.fragment(window.lines, windows.office(found, window))
    lines = conversation.for_office_after(found, clock.opened(), windows.key("sesudah") or 0)
    return windows.caught_up(lines, marks.of_ticket(found.ref, public=False))


@blueprint.get("/pemberitahuan")
@staff()
def notice_list() -> str:
    return render_template("desk/notices.html", notices=notices.page(viewer(), clock.opened()))


@blueprint.post("/pemberitahuan/dibaca")
@staff()
def notices_read() -> BaseResponse:
    with transaction():
        notices.read_all(viewer(), clock.now())
    return redirect(url_for("desk.notice_list"), 303)
