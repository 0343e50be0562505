"""The sweeper: idle among a hundred thousand timers, ten thousand due at once, and its lag."""

from __future__ import annotations

import statistics
import time
from typing import Any

from sqlalchemy import text

from bench import generate
from bench.stage import Stage, row
from core import clock
from core.database import db, transaction
from sla.sweeps import sweeper

AT_ONCE = 10_000
ONE_BY_ONE = 200


def rows(stage: Stage) -> list[dict[str, Any]]:
    """Measured with the system's own sweeper held still, but for the lag, which is its own."""
    app = stage.app()
    found: list[dict[str, Any]] = []
    with app.app_context():
        count = db.session.execute(text("SELECT count(*) FROM timers")).scalar_one()
        db.session.rollback()
        found.append(lag())
        stage.stop("sweeper")
        try:
            sweeper.sweep()
            found += [_idle(count), *_at_once()]
        finally:
            stage.go_on("sweeper")
    return found


def _idle(count: int) -> dict[str, Any]:
    times = []
    for _ in range(50):
        began = time.process_time()
        sweeper.sweep(clock.now())
        sweeper.next_moment()
        db.session.rollback()
        times.append((time.process_time() - began) * 1000)
    return {
        "what": f"idle sweep at {count:,} timers, CPU",
        "ours": f"{statistics.median(times):.2f} ms",
        "beside": "goal",
        "peer": "5 ms",
        "ratio": f"{statistics.median(times) / 5:.2f}",
    }


def _at_once() -> list[dict[str, Any]]:
    generate.tickets("once", AT_ONCE, one=True)
    generate.due_at_once("once")
    began = time.monotonic()
    swept = sweeper.sweep()
    took = time.monotonic() - began
    while _waiting():
        time.sleep(0.2)
    done = time.monotonic() - began
    return [
        row(f"{swept:,} due at once, recorded with their events", took, 1),
        row(f"{swept:,} due at once, all that follows of them done", done, 30),
    ]


def _waiting() -> int:
    """Deliveries that workers have not carried out."""
    found: int = db.session.execute(text("SELECT count(*) FROM deliveries")).scalar_one()
    db.session.rollback()
    return found


def lag(among: str = "") -> dict[str, Any]:
    """Timers due 25 ms apart; the moment at which each breach could first be read."""
    with transaction() as session:
        session.execute(
            text(
                "UPDATE timers SET due_at = now() + make_interval(secs => 3 + s.n * 0.025), "
                "next_action_at = now() + make_interval(secs => 3 + s.n * 0.025) "
                "FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM ("
                "      SELECT id FROM timers WHERE reading = 'RUNNING' "
                "      AND metric = 'VERIFICATION' ORDER BY id DESC LIMIT :n) chosen) s "
                "WHERE timers.id = s.id"
            ),
            {"n": ONE_BY_ONE},
        )
        began = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    seen: dict[int, float] = {}
    early = 0
    end = time.monotonic() + 3 + ONE_BY_ONE * 0.025 + 5
    while len(seen) < ONE_BY_ONE and time.monotonic() < end:
        found = db.session.execute(
            text(
                "SELECT id, extract(epoch FROM clock_timestamp() - breached_at) FROM timers "
                "WHERE breached_at > :began AND id <> ALL(:seen)"
            ),
            {"began": began, "seen": list(seen)},
        ).all()
        db.session.rollback()
        for ident, lag in found:
            seen[ident] = float(lag)
            early += lag < 0
        time.sleep(0.002)
    lags = sorted(seen.values())
    p50, p99 = lags[len(lags) // 2] * 1000, lags[int(len(lags) * 0.99) - 1] * 1000
    return {
        "what": f"lag of {len(lags)} breaches{among}, due to readable (p50 / p99; early: {early})",
        "ours": f"{p50:.0f} / {p99:.0f} ms",
        "beside": "goal p99",
        "peer": "1000 ms",
        "ratio": f"{p99 / 1000:.2f}",
    }
