"""The rulebook of a fresh system: Bekasi's office hours, and the default targets.

Targets with their sources: 5, 14 and 60 working days by class follow the practice of SP4N;
verification in 3 working days is LAPOR's; an answer within one office day, the first and each
later one, and news every five working days are the office's own promises. Everything is editable;
nothing here is asked again once a row exists.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from core import clock
from core.database import db
from sla.calendars import drafts
from sla.models import PolicyVersion
from sla.recalculation import publishing

OFFICE = "office"
_DAYS = "days"
VERIFY = {"n": 3, "unit": _DAYS}
ANSWER = {"n": 450, "unit": "minutes"}
TAKE_UP = {"n": 4, "unit": "hours"}
NEWS = {"n": 5, "unit": _DAYS}


def _hours_after(n: int, level: int) -> dict[str, Any]:
    """So many hours of the promise's own clock past its date it is brought before a level."""
    amount = {"n": n, "unit": "hours"}
    return {"name": f"a{n}h", "after": amount, "does": [{"do": "level", "n": level}]}


# Whoever holds a report is told of every step; at the date itself who answers for its queue is too.
WARN = [{"name": "75", "percent": 75}]
# An office day has 7 h 30: answers climb within a day, what is counted in days by days.
QUICK = [*WARN, _hours_after(2, 1), _hours_after(8, 2)]
SLOW = [*WARN, _hours_after(8, 1), _hours_after(23, 2)]
# What goes past the office's own units is looked at sooner, on the ladder apart.
APART_QUICK = [*WARN, _hours_after(1, 1), _hours_after(4, 2)]
APART_SLOW = [
    {"name": "50", "percent": 50, "does": [{"do": "notify", "to": "level:1"}]},
    *WARN,
    _hours_after(2, 1),
    _hours_after(8, 2),
]

# Tickets of another system keep that system's dates; without one they get the ordinary target.
IMPORTED = {"RESOLUTION": {"n": 14, "unit": _DAYS}}


def _targets(resolution: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "VERIFICATION": VERIFY,
        "FIRST_RESPONSE": ANSWER,
        "NEXT_RESPONSE": ANSWER,
        "UPDATE": NEWS,
        "ACKNOWLEDGEMENT": TAKE_UP,
    }
    if resolution is not None:
        found["RESOLUTION"] = {"n": resolution, "unit": _DAYS}
    return found


def _steps(resolution: int | None, apart: bool) -> dict[str, Any]:
    """The ladders of a policy. An acknowledgement that nobody gives climbs by itself."""
    quick, slow = (APART_QUICK, APART_SLOW) if apart else (QUICK, SLOW)
    found = {
        "VERIFICATION": slow,
        "FIRST_RESPONSE": quick,
        "NEXT_RESPONSE": quick,
        "UPDATE": slow,
        "ACKNOWLEDGEMENT": WARN,
    }
    return found | ({"RESOLUTION": slow} if resolution is not None else {})


POLICIES: list[tuple[str, str, dict[str, list[str]], int | None]] = [
    ("appreciation", "Apresiasi", {"class": ["APPRECIATION"]}, None),
    ("information", "Permintaan informasi", {"class": ["INFORMATION"]}, 5),
    # Illegal levies, and what was brought in confidence: a ladder of its own.
    (
        "apart",
        "Pungutan liar dan pengawasan rahasia",
        {"class": ["COMPLAINT"], "weight": ["supervisory"], "apart": ["yes"]},
        60,
    ),
    ("confidential", "Laporan rahasia lainnya", {"apart": ["yes"]}, 14),
    (
        "supervisory",
        "Pengaduan berkadar pengawasan",
        {"class": ["COMPLAINT"], "weight": ["supervisory"]},
        60,
    ),
    ("ordinary", "Pengaduan, saran, dan lainnya", {}, 14),
]


def calendar_form(key: str = OFFICE) -> dict[str, Any]:
    """A calendar's form as its draft says now."""
    return drafts.written(key, clock.now())


def sown() -> bool:
    """Are there policies?"""
    return bool(db.session.execute(select(select(PolicyVersion.id).exists())).scalar())


def seed(at: datetime) -> None:
    """Fill an empty rulebook; does nothing where policies exist."""
    if not drafts.all_of():
        drafts.seed()
    for draft in reversed(drafts.all_of()) if not sown() else ():
        publishing.publish_calendar(draft.key, draft.name, drafts.written(draft.key, at), at)
    if sown():
        return
    rows: list[dict[str, Any]] = [
        {
            "key": key,
            "position": position,
            "name": name,
            # Valid for imports of old tickets too.
            "valid_from": datetime.fromisoformat("2000-01-01T00:00:00+00:00"),
            "calendar_key": OFFICE,
            "conditions": conditions,
            "targets": _targets(resolution),
            "steps": _steps(resolution, "apart" in conditions),
        }
        for position, (key, name, conditions, resolution) in enumerate(POLICIES, start=1)
    ]
    rows.append(
        {
            **rows[0],
            "key": "imported",
            "position": 0,
            "name": "Dibawa masuk dari berkas",
            "conditions": {"channel": ["IMPORT"]},
            "targets": IMPORTED,
            "steps": {},
        }
    )
    db.session.execute(insert(PolicyVersion), rows)
