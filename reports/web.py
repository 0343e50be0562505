"""The breach report as a page and as a CSV file."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for

from accounts.frame import urls
from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.canonical import instant
from core.errors import Invalid
from core.i18n import (
    compact_words,
    date_words,
    gettext,
    hours_words,
    local,
    ngettext,
    span_words,
)
from helpdesk.causes.labels import cause_words, options
from helpdesk.setup import office
from helpdesk.wording.labels import metric_words
from reports import breaches, figures, periods
from reports.breaches import Breach
from reports.files import lines
from reports.periods import Period
from reports.readers import reading
from sla.rules.policy import Metric

blueprint = Blueprint("breaches", __name__)
KNOWN = ("from", "to", "metric", "queue", "cause", "dari")
FIGURES = (Role.SUPERVISOR, Role.LEADER)


@blueprint.get("/pengawas/pelanggaran")
@staff(*FIGURES)
def index() -> str | tuple[str, int]:
    now = clock.opened()
    args = request.args.to_dict()
    try:
        asked = periods.period(args, local(now).date())
        rows, following = breaches.page(asked, reading(viewer()).listed, args.get("dari"))
    except Invalid as error:
        asked = periods.period({}, local(now).date())
        page = _page(asked, [], None, now, args, error.fields or {"from": str(error)})
        return page, 422
    return _page(asked, rows, following, now, args, {})


def _page(
    asked: Period,
    rows: list[Breach],
    following: str | None,
    now: datetime,
    args: dict[str, str],
    errors: dict[str, str],
) -> str:
    may = reading(viewer())
    found = figures.totals(asked, may.counted)
    kept = {k: v for k, v in args.items() if k != "dari"}
    return render_template(
        "reports/breaches.html",
        finding=gettext("Broken promises") if errors else _finding(found),
        sub="" if errors else gettext("From %(first)s to %(last)s.", **_days(asked)),
        figures=_figures(found),
        filters={
            "from": args.get("from") or asked.first.isoformat(),
            "to": args.get("to") or asked.last.isoformat(),
            "metric": args.get("metric", ""),
            "queue": args.get("queue", ""),
            "cause": args.get("cause", ""),
        },
        options={
            "metrics": [{"value": m.value, "label": metric_words(m.value)} for m in Metric],
            "queues": [
                {"value": queue.id, "label": queue.name}
                for queue in office.queues().values()
                if queue.id in may.counted
            ],
            "causes": [
                {"value": "EXCUSED", "label": gettext("Excused")},
                {"value": "NONE", "label": gettext("No cause named")},
                *options(),
            ],
        },
        form_errors=errors,
        listed=bool(may.listed),
        rows=[_row(one, now) for one in rows],
        counts=figures.by_queue(asked, may.counted) if may.counted > may.listed else [],
        pager=_pager(kept, args, following, len(rows)),
        csv_url=_address("breaches.csv_file", kept),
        urls=urls(breaches=url_for("breaches.index")),
    )


def _address(endpoint: str, query: dict[str, str]) -> str:
    """Only our own parameters are carried on."""
    known = {k: v for k, v in query.items() if k in KNOWN}
    return f"{url_for(endpoint)}?{urlencode(known)}"


def _days(asked: Period) -> dict[str, str]:
    return {"first": date_words(asked.first), "last": date_words(asked.last)}


def _finding(found: figures.Totals) -> str:
    if not found.broken:
        return gettext("Every promise was kept") if found.kept else gettext("No promise fell due")
    return ngettext("%(num)d promise was broken", "%(num)d promises were broken", found.broken) + (
        ngettext(", %(num)d of them is still owed", ", %(num)d of them are still owed", found.owed)
        if found.owed
        else ""
    )


def _figures(found: figures.Totals) -> list[dict[str, Any]]:
    share = found.share_kept
    return [
        {"label": gettext("Broken"), "value": found.broken, "state": "late"},
        {"label": gettext("Of these excused"), "value": found.excused},
        {"label": gettext("Kept"), "value": found.kept, "state": "met"},
        {"label": gettext("Share kept"), "value": "–" if share is None else f"{share}%"},
        {"label": gettext("Reports concerned"), "value": found.tickets},
    ]


def _pager(
    kept: dict[str, str], args: dict[str, str], following: str | None, shown: int
) -> dict[str, Any] | None:
    if following is None and "dari" not in args:
        return None
    return {
        "shown": gettext("%(n)d shown", n=shown),
        "next_url": _address("breaches.index", {**kept, "dari": following}) if following else "",
        "first_url": _address("breaches.index", kept) if "dari" in args else "",
    }


def _row(one: Breach, now: datetime) -> dict[str, Any]:
    return {
        "number": one.number,
        "url": url_for("desk.ticket", number=one.number),
        "title": one.title,
        "metric": metric_words(one.metric),
        "due_words": compact_words(one.due_at, now),
        "due_iso": instant(one.due_at),
        "late_words": span_words(one.late(now)),
        "office_words": gettext("all hours")
        if one.wall
        else gettext("%(span)s of office time", span=hours_words(one.late_at_work(now))),
        "holder": one.holder or gettext("nobody"),
        "queue": one.queue,
        "cause": cause_words(one.cause) if one.cause else "",
        "excused": gettext("excused") if one.excused else "",
        "owed": "" if one.stopped_at else gettext("still owed"),
        "cause_url": url_for("causes.index", number=one.number),
    }


@blueprint.get("/pengawas/pelanggaran.csv")
@staff(Role.SUPERVISOR)
def csv_file() -> Response:
    """All rows that the supervisor reads, part by part; times are the office's, ISO 8601."""
    now = clock.opened()
    asked = periods.period(request.args.to_dict(), local(now).date())
    parts = lines(asked, reading(viewer()).listed, now)
    answer = Response(stream_with_context(parts), content_type="text/csv; charset=utf-8")
    name = f"pelanggaran-{asked.first}-{asked.last}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
