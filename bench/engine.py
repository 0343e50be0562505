"""How many due dates a second: one by one, in batches, and beside businesstimedelta.

    python -m bench.engine

The same calendar (Bekasi's, with its holidays and Ramadan hours), the same moments, in one run.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import businesstimedelta
import numpy as np
import pytz

from sla import batch
from sla.presets import USUAL, USUAL_FRIDAY, bekasi
from sla.rules.calendar import Calendar
from sla.rules.interval import micros, span_micros

SINGLE, BATCH = 400_000, 4_000_000
WEEK = timedelta(hours=37, minutes=30)
SPANS = {"1 hour": timedelta(hours=1), "60 working days": WEEK * 12}
ROUNDS = 5
JAKARTA = pytz.timezone("Asia/Jakarta")  # the peer takes no other kind of zone


def moments(many: int) -> list[datetime]:
    """Moments of one year, at all hours, the same in each run."""
    dice = random.Random(20261124)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    return [first + timedelta(seconds=dice.randrange(365 * 86_400)) for _ in range(many)]


def rate(many: int, once: Callable[[], Any]) -> float:
    """Best of some rounds, so that what else the machine does counts least."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        once()
        best = min(best, time.perf_counter() - began)
    return many / best


def single(calendar: Calendar, at: list[datetime], span: timedelta) -> float:
    add = calendar.add

    def once() -> None:
        for moment in at:
            add(moment, span)

    once()  # openings are worked out when first needed
    return rate(len(at), once)


def batched(calendar: Calendar, at: list[datetime], span: timedelta) -> float:
    instants = np.array([micros(moment) for moment in at], np.int64)
    length = span_micros(span)
    batch.add(calendar, instants, length)
    return rate(len(at), lambda: batch.add(calendar, instants, length))


def working_days(calendar: Calendar, at: list[datetime], n: int) -> tuple[float, float]:
    instants = np.array([micros(moment) for moment in at], np.int64)

    def once() -> None:
        for moment in at[:50_000]:
            calendar.add_working_days(moment, n)

    once()
    return (
        rate(50_000, once),
        rate(len(at), lambda: batch.add_working_days(calendar, instants, n)),
    )


def peer_rules(form: dict[str, Any]) -> businesstimedelta.Rules:
    """The peer has no shorter days, so it counts its usual week less the holidays."""

    def shifts(ranges: list[list[str]], days: list[int]) -> list[Any]:
        return [
            businesstimedelta.WorkDayRule(
                start_time=dt.time.fromisoformat(a),
                end_time=dt.time.fromisoformat(b),
                working_days=days,
                tz=JAKARTA,
            )
            for a, b in ranges
        ]

    holidays = {dt.date.fromisoformat(day): "closed" for day in form["holidays"]}
    closed = businesstimedelta.HolidayRule(holidays, tz=JAKARTA)
    return businesstimedelta.Rules(
        [*shifts(USUAL, [0, 1, 2, 3]), *shifts(USUAL_FRIDAY, [4]), closed]
    )


def peer(rules: businesstimedelta.Rules, at: list[datetime], span: timedelta) -> float:
    length = businesstimedelta.BusinessTimeDelta(rules, timedelta=span)
    began = time.perf_counter()
    for moment in at:
        moment + length
    return len(at) / (time.perf_counter() - began)


def rows() -> list[dict[str, Any]]:
    """Due dates a second: `ours`, `peer`, their `ratio`, and the `goal` for ours."""
    form = bekasi(range(2025, 2029))
    calendar, rules = Calendar.from_dict(form), peer_rules(form)
    some, many = moments(200_000), moments(1_000_000)
    found = []
    for name, span in SPANS.items():
        theirs = peer(rules, some[: 200 if name == "1 hour" else 10], span)
        for how, ours, goal in (
            ("one by one", single(calendar, some, span), SINGLE),
            ("in batches", batched(calendar, many, span), BATCH),
        ):
            found.append(row(f"due dates/s, {name}, {how}", ours, theirs, goal))
    one, all_at_once = working_days(calendar, many, 14)
    found.append(row("due dates/s, 14 working days as a unit, one by one", one, None, SINGLE))
    found.append(
        row("due dates/s, 14 working days as a unit, in batches", all_at_once, None, BATCH)
    )
    return found


def row(what: str, ours: float, theirs: float | None, goal: int) -> dict[str, Any]:
    ratio = None if theirs is None else round(ours / theirs)
    peer_rate = None if theirs is None else round(theirs)
    return {"what": what, "ours": round(ours), "peer": peer_rate, "ratio": ratio, "goal": goal}


def table(found: list[dict[str, Any]]) -> str:
    lines = [f"{'what':<52}{'ours':>12}{'peer':>9}{'ratio':>9}{'goal':>12}"]
    for each in found:
        theirs = "" if each["peer"] is None else f"{each['peer']:,}"
        ratio = "" if each["ratio"] is None else f"x{each['ratio']:,}"
        lines.append(
            f"{each['what']:<52}{each['ours']:>12,}{theirs:>9}{ratio:>9}{each['goal']:>12,}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(rows()))
