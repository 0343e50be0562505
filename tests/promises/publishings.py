"""Calendars and policies that are published in the middle of random lives, and moved to at once."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from core.database import db, transaction
from core.errors import DomainError
from sla import seed
from sla.policies import order
from sla.recalculation import moves, publishing
from sla.recalculation.publishing import Draft

POLICIES = ("brisk", "hasty")
HALF_A_DAY = [["08:00", "11:30"]]


def a_day(at: datetime, shut: bool, now: datetime) -> None:
    """The day of a moment is closed from now on, or open for a morning only."""
    with transaction():
        last = order.newest_calendar(seed.OFFICE)
        assert last is not None
        form = {**last.definition}
        day = at.astimezone(ZoneInfo(form["timezone"])).date().isoformat()
        closed = {*form["holidays"], day} if shut else {*form["holidays"]} - {day}
        hours = {d: h for d, h in form.get("date_overrides", {}).items() if d != day}
        form["holidays"] = sorted(closed)
        form["date_overrides"] = hours if shut else {**hours, day: HALF_A_DAY}
        publishing.publish_calendar(seed.OFFICE, last.name, form, now)
    _move(now)


def a_target(key: str, n: int, at: datetime, for_open: bool) -> None:
    """Another settlement time of a policy, also for what is open if asked. What may not be
    published (an earlier life left a version that waits for its date) changes nothing."""
    targets = {**order.find(key).targets, "RESOLUTION": {"n": n, "unit": "days"}}
    draft = Draft(targets=targets, hold_pauses=n % 2 == 0)
    try:
        with transaction():
            publishing.publish_policy(key, draft, valid_from=at, apply_to_open=for_open, at=at)
    except DomainError:
        db.session.rollback()
        return
    _move(at)


def _move(now: datetime) -> None:
    for move_id in moves.waiting(now):
        while moves.step(move_id):
            pass
