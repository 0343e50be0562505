"""The lists of the desk: which there are for a person, and the rows of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for

from accounts.rules.access import Viewer
from core.i18n import gettext
from helpdesk.lists import counts, finding, marks, presenting, worklist
from helpdesk.setup.office import WorkList


def _titles() -> dict[str, str]:
    return {
        "saya": gettext("Mine"),
        "belum": gettext("Held by nobody"),
        "terlambat": gettext("Late"),
        "menunggu": gettext("Waiting for the citizen"),
        "semua": gettext("All"),
    }


def _named(queues: list[WorkList]) -> dict[str, str]:
    """Views and queues by their keys in addresses, with what people call them."""
    return _titles() | {str(queue.id): queue.name for queue in queues}


def rooms_of(view: str, queues: list[WorkList]) -> list[str]:
    if view.isdecimal():
        return [f"queue:{view}"]
    return [f"queue:{queue.id}" for queue in queues]


def context(
    viewer: Viewer, view: str, now: datetime, cursor: str | None = None, selected: str = ""
) -> dict[str, Any]:
    """Views with their counts and one page of rows: three statements at any size."""
    queues = finding.queues_of(viewer)
    criterion = worklist.view_criterion(view, viewer.id, queues, now)
    found = worklist.page(criterion, cursor)
    names = _named(queues)
    title = names[view]
    counted = counts.read(viewer.id, queues, now)
    return {
        "view_groups": _groups(view, queues, names, counted.of),
        "queue": {
            "title": title,
            "sort_words": gettext("Nearest date first"),
            "rooms": rooms_of(view, queues),
            "cursor": counted.seen.written(),
            "mark": marks.of_rows(found.tickets),
            "rows_url": url_for("desk.rows", antrean=view),
            "count_url": url_for("desk.fresh_count", antrean=view, dari=cursor),
        },
        "rows": presenting.queue_rows(found.tickets, now, selected),
        "pager": _pager(view, cursor, found),
    }


def _pager(view: str, cursor: str | None, found: worklist.Page) -> dict[str, Any] | None:
    if cursor is None and found.following is None:
        return None
    following = found.following
    return {
        "shown": gettext("%(n)d reports shown", n=len(found.tickets)),
        "next_url": url_for("desk.queue", antrean=view, dari=following) if following else None,
        "first_url": url_for("desk.queue", antrean=view) if cursor else None,
    }


def _groups(
    view: str, queues: list[WorkList], names: dict[str, str], held: Mapping[str, int]
) -> list[dict[str, Any]]:
    whole = ["semua"] if len(queues) > 1 else []
    shown = [str(q.id) for q in queues if q.active or held[str(q.id)]]
    keys = ["saya", "belum", "terlambat", "menunggu", *whole, *shown]
    stem = url_for("desk.queue", antrean="")  # all their keys are letters or digits

    def item(key: str) -> dict[str, Any]:
        return {
            "label": names[key],
            "count": counts.words(held[key]),
            "url": stem + key,
            "current": key == view,
            "state": "late" if key == "terlambat" and held[key] else "",
        }

    return [
        {"title": gettext("My work"), "items": [item(k) for k in keys[:4]]},
        {"title": gettext("Queues"), "items": [item(k) for k in keys[4:]]},
    ]
