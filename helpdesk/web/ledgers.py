"""Why a date, day by day: for the citizen whose report it is, and in seconds for the office."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from accounts.guard import guest, staff
from accounts.who import viewer
from core import clock
from helpdesk.lists import finding
from helpdesk.promises import ledger
from helpdesk.promises.as_told import own_as_told
from helpdesk.promises.promise import hero
from helpdesk.promises.timers import in_order
from helpdesk.web.desk import DESK
from helpdesk.web.tracking import own_ticket
from sla import tracking

blueprint = Blueprint("ledgers", __name__)


@blueprint.get("/laporan-saya/hitungan")
@guest
def mine() -> str:
    """Of the promise that the page shows first, and the one below it."""
    ticket, now = own_ticket(), clock.opened()
    shown = [row for row in hero(own_as_told(ticket, now)) if row is not None]
    found = [ledger.of_row(row, now) for row in shown]
    return render_template(
        "public/ledger.html",
        number=ticket.number,
        ledgers=[one for one in found if one],
        back=url_for("tracking.mine"),
    )


@blueprint.get("/laporan/<number>/hitungan")
@staff(*DESK)
def office(number: str) -> str:
    """Of every timer, to the second."""
    ticket, now = finding.get(viewer(), number), clock.opened()
    rows = in_order(tracking.timers([ticket.ref])[ticket.ref])
    found = [ledger.of_row(row, now, exact=True) for row in rows]
    return render_template(
        "desk/ledger.html",
        number=ticket.number,
        ledgers=[one for one in found if one],
        back=url_for("desk.ticket", number=ticket.number),
    )
