"""Supervisors' list of patterns to look at, with their evidence; and how they are judged."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts import directory
from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.canonical import instant
from core.database import db, transaction
from core.errors import Invalid
from core.i18n import compact_words, gettext, local
from helpdesk.patterns import acts, labels, listing, sizes
from helpdesk.patterns.listing import Asked, Listed
from helpdesk.rules.patterns import Pattern
from helpdesk.setup import office

blueprint = Blueprint("patterns", __name__, url_prefix="/pengawasan/perlu-dilihat")
LOOKING = (Role.SUPERVISOR, Role.INSPECTOR)
KEPT = ("from", "to", "pattern", "queue", "person", "show", "dari")


@blueprint.get("")
@staff(*LOOKING)
def index() -> str | tuple[str, int]:
    return _page({})


def _page(form: dict[str, Any]) -> str | tuple[str, int]:
    """`form`: of a remark that was refused: {id, values, errors}."""
    now, args = clock.opened(), request.args.to_dict()
    errors: dict[str, str] = {}
    rows: list[Listed] = []
    following, reads = None, listing.queues_of(viewer())
    try:
        wanted = listing.asked(args, local(now).date())
        found, following = listing.page(wanted, reads, now, args.get("dari"))
        rows = list(found)
    except Invalid as error:
        errors = error.fields or {"from": str(error)}
        wanted = listing.asked({}, local(now).date())
    kept = {name: args[name] for name in KEPT if args.get(name)}
    judged = sizes.current()
    page = render_template(
        "desk/patterns.html",
        rows=_rows(rows, now, form),
        filters=_filters(args, wanted),
        options=_options(reads),
        form_errors=errors,
        pager=_pager(kept, following, len(rows)),
        here=f"?{urlencode(kept)}" if kept else "",
        judged=[
            {"label": labels.pattern_words(one), "value": labels.judged_words(one, judged)}
            for one in Pattern
        ],
        may_size=Role.ADMIN in viewer().roles,
    )
    return (page, 422) if errors or form else page


def _rows(rows: list[Listed], now: datetime, form: dict[str, Any]) -> list[dict[str, Any]]:
    names = directory.names_of([row.person for row, _, _ in rows])
    queues = office.queues()
    return [
        {
            "id": row.id,
            "what": labels.pattern_words(row.pattern),
            "number": number,
            "title": title,
            "url": url_for("desk.ticket", number=number) + f"#peristiwa-{row.event_id}",
            "when_words": compact_words(row.at, now),
            "when_iso": instant(row.at),
            "who": names.get(row.person) or gettext("the citizen"),
            "queue": queues[row.queue_id].name if row.queue_id in queues else "",
            "evidence": labels.evidence_words(row, now),
            "events": [
                {"n": n, "url": url_for("desk.ticket", number=number) + f"#peristiwa-{n}"}
                for n in row.evidence
            ],
            "seen": compact_words(row.seen_at, now) if row.seen_at else "",
            "seen_by": directory.name_of(row.seen_by) or "",
            "remark": row.remark or "",
            "typed": form.get("typed", "") if form.get("id") == row.id else row.remark or "",
            "error": form.get("error", "") if form.get("id") == row.id else "",
        }
        for row, number, title in rows
    ]


def _filters(args: dict[str, str], wanted: Asked) -> dict[str, str]:
    return {
        "from": args.get("from") or wanted.first.isoformat(),
        "to": args.get("to") or wanted.last.isoformat(),
        **{name: args.get(name, "") for name in ("pattern", "queue", "person", "show")},
    }


def _options(reads: frozenset[int]) -> dict[str, Any]:
    return {
        "patterns": [{"value": p.value, "label": labels.pattern_words(p)} for p in Pattern],
        "queues": [
            {"value": queue.id, "label": queue.name}
            for queue in office.queues().values()
            if queue.id in reads
        ],
        "people": [{"value": one.id, "label": one.name} for one in directory.everybody().values()],
        "show": [
            {"value": "", "label": gettext("not looked at yet")},
            {"value": "seen", "label": gettext("looked at")},
            {"value": "all", "label": gettext("all")},
        ],
    }


def _pager(kept: dict[str, str], following: str | None, shown: int) -> dict[str, Any] | None:
    if following is None and "dari" not in kept:
        return None
    first = {name: value for name, value in kept.items() if name != "dari"}
    base = url_for("patterns.index")
    return {
        "shown": gettext("%(n)d shown", n=shown),
        "next_url": f"{base}?{urlencode({**first, 'dari': following})}" if following else "",
        "first_url": f"{base}?{urlencode(first)}" if "dari" in kept else "",
    }


@blueprint.post("/<int:sighting_id>/dilihat")
@staff(*LOOKING)
def look_at(sighting_id: int) -> BaseResponse | str | tuple[str, int]:
    """Note that it was looked at."""
    remark = request.form.get("remark", "")
    try:
        with transaction():
            acts.look_at(viewer(), sighting_id, remark)
    except Invalid as error:
        db.session.rollback()
        said = " ".join(error.fields.values()) or str(error)
        return _page({"id": sighting_id, "typed": remark, "error": said})
    flash(gettext("Noted that you looked at it."), "met")
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
    back = url_for("patterns.index")
    return redirect(f"{back}?{urlencode(kept)}" if kept else back, 303)
