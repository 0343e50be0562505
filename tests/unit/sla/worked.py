"""Public projects' worked examples, played on the calendar alone.

`CHECKS` has a check per kind of example; `NOT_APPLICABLE` names each example that is not played,
and why. Nothing is left out silently: a test counts both.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sla.rules.calendar import Calendar, InvalidCalendar
from sla.rules.interval import instant
from sla.rules.openings import utc_micros
from tests.unit.sla import ticket_states

FIXTURES = Path(__file__).parents[2] / "fixtures"
Case = dict[str, Any]

OTHER_DAY_RULE = (
    "biz keeps the clock time N business dates away; the settled rule 2.2 is due at closing time"
)
LATER_METRICS = (
    "the source asserts a relation without figures, between NEXT_RESPONSE and UPDATE, which are "
    "metrics of a later issue"
)
DEFECT = "the source itself asserts what its users report as a defect"
NOT_APPLICABLE = {
    "biz-days-after-3": OTHER_DAY_RULE,
    "biz-days-before-3": OTHER_DAY_RULE,
    "chatwoot-ev-4-WRONG": DEFECT,
    "zammad22-2359-means-24h": "the settled rule 2.2 says that 23:59 is not 24:00",
    "rt-flow-3": LATER_METRICS,
    "rt-flow-4": LATER_METRICS,
}
SKIPPED_FLAGS = {"known_defect_do_not_copy", "disputed_dst"}


@cache
def cases() -> tuple[Case, ...]:
    found = json.loads((FIXTURES / "sla_examples.json").read_text())["cases"]
    return tuple(found)


def played() -> list[Case]:
    return [case for case in cases() if case["id"] not in NOT_APPLICABLE]


def at(words: str) -> datetime:
    return datetime.fromisoformat(words)


def pauses_of(given: Case) -> list[tuple[datetime, datetime | None]]:
    return [(at(a), at(b) if b else None) for a, b in given.get("pauses", ())]


def _target(given: Case) -> timedelta:
    return timedelta(minutes=given.get("target_minutes", 0), seconds=given.get("target_seconds", 0))


def _deadline(calendar: Calendar, given: Case, expected: Case) -> None:
    found = calendar.add(at(given["start"]), _target(given), pauses_of(given))
    assert found == at(expected["due"])


def _elapsed(calendar: Calendar, given: Case, expected: Case) -> None:
    found = calendar.elapsed(at(given["from"]), at(given["to"]), pauses_of(given))
    seconds = found // timedelta(seconds=1)
    if "seconds" in expected:
        assert seconds == expected["seconds"]
    if "minutes" in expected:
        assert seconds // 60 == expected["minutes"]
    if "slack_minutes" in expected:
        assert _target(given) // timedelta(minutes=1) - seconds // 60 == expected["slack_minutes"]


def _is_open(calendar: Calendar, given: Case, expected: Case) -> None:
    assert calendar.is_open(at(given["at"])) is expected["open"]


def _next_open(calendar: Calendar, given: Case, expected: Case) -> None:
    assert calendar.next_open(at(given["at"])) == at(expected["at"])


def _periods(calendar: Calendar, given: Case, expected: Case) -> None:
    start = at(given["from"])
    found = list(calendar.openings(start, start + timedelta(days=60)))[: given["count"]]
    assert found == [(at(a), at(b)) for a, b in expected["periods"]]


def _subtract(calendar: Calendar, given: Case, expected: Case) -> None:
    """Nothing before a closed moment is the last opening moment before it."""
    moment, seconds = at(given["from"]), given["business_seconds"]
    back = timedelta(seconds=-seconds)
    found = calendar.add(moment, back) if seconds else calendar.last_open(moment)
    assert found in [at(words) for words in (expected["at"], *expected.get("accept_also", ()))]


def _local_date(calendar: Calendar, moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(ZoneInfo(calendar.to_dict()["timezone"])).date().isoformat()


def _noon(calendar: Calendar, day: str) -> datetime:
    zone = ZoneInfo(calendar.to_dict()["timezone"])
    return datetime.combine(date.fromisoformat(day), time(12), zone)


def _add_dates(calendar: Calendar, given: Case, expected: Case) -> None:
    """No promise counts days backwards, so a negative number is read from its other end."""
    days, start, end = given["business_days"], given["date"], expected["date"]
    if days < 0:
        days, start, end = -days, end, start
    assert _local_date(calendar, calendar.add_working_days(_noon(calendar, start), days)) == end


def _count_dates(calendar: Calendar, given: Case, expected: Case) -> None:
    start, end = _noon(calendar, given["from"]), _noon(calendar, given["to"])
    assert calendar.days_used(start, end + timedelta(hours=11)) == expected["days"]


def _pause_to_days(calendar: Calendar, given: Case, expected: Case) -> None:
    """We keep pauses as instants; breaks of the local days must give the same open time."""
    form = {**calendar.to_dict(), "date_breaks": expected["local_breaks"]}
    broken, pauses = Calendar.from_dict(form), pauses_of(given)
    start = min(a for a, _ in pauses) - timedelta(days=1)
    for minutes in range(0, 4 * 24 * 60, 5):
        end = start + timedelta(minutes=minutes)
        assert calendar.elapsed(start, end, pauses) == broken.elapsed(start, end)


CHECKS: dict[str, Callable[[Calendar, Case, Case], None]] = {
    "deadline": _deadline,
    "elapsed": _elapsed,
    "is_open": _is_open,
    "next_open": _next_open,
    "periods_from": _periods,
    "subtract": _subtract,
    "add_business_dates": _add_dates,
    "count_business_dates": _count_dates,
    "pause_to_local_days": _pause_to_days,
    "sla_state": ticket_states.state,
}


def check(case: Case) -> None:
    """Raises AssertionError where we and the example differ."""
    given, expected = case["input"], case["expected"]
    if case["kind"] == "config_error":
        _refused(case["calendar"])
    elif case["kind"] == "local_to_utc":
        local = datetime.fromisoformat(given["local"])
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        zone = ZoneInfo(case["calendar"]["timezone"])
        assert instant(utc_micros(local.date(), seconds, zone)) == at(expected["at"]).astimezone(
            UTC
        )
    else:
        CHECKS[case["kind"]](Calendar.from_dict(case["calendar"]), given, expected)


def _refused(form: Case) -> None:
    try:
        Calendar.from_dict(form)
    except InvalidCalendar:
        return
    raise AssertionError("this calendar must be refused")
