"""The breach report as lines of a CSV file, safe to open in any spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from datetime import datetime

from core.database import db
from core.i18n import local
from reports import breaches
from reports.breaches import Breach
from reports.periods import Period

# What begins a formula, at the start of a cell or of what a program takes for one: Indonesian
# spreadsheets part cells at semicolons, others at tabs. Wide signs count as plain ones do.
FORMULA = re.compile(r"(^\s*|[;\t\r\n|]\s*)(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")


STEP = 250  # rows; some milliseconds of work at a time, for everybody else waits meanwhile

HEAD = [
    "number",
    "title",
    "promise",
    "queue",
    "held_by",
    "received_at",
    "due_at",
    "done_at",
    "late_minutes",
    "late_office_minutes",
    "cause",
    "excused",
]


def lines(asked: Period, reads: Collection[int], now: datetime, step: int = STEP) -> Iterator[str]:
    """The file in parts. Between them no connection is held, for a reader may be slow: each part
    goes on by key where the last one ended, and what is missed meanwhile stands before the first.
    """
    db.session.close()
    yield "\ufeff" + _line(HEAD)
    for rows in breaches.every(asked, reads, step):
        part = "".join(_line(_cells(one, now)) for one in rows)
        db.session.close()
        yield part


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(safe(cell) for cell in cells)
    return out.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return FORMULA.sub(r"\1'", cell)


def _cells(one: Breach, now: datetime) -> list[str]:
    done = one.stopped_at
    return [
        one.number,
        one.title,
        one.metric,
        one.queue,
        one.holder or "",
        local(one.started_at).isoformat(timespec="seconds"),
        local(one.due_at).isoformat(timespec="seconds"),
        local(done).isoformat(timespec="seconds") if done else "",
        str(int(one.late(now).total_seconds() // 60)),
        str(int(one.late_at_work(now).total_seconds() // 60)),
        one.cause or "",
        "1" if one.excused else "",
    ]
