"""A whole office at a million open timers: a holiday published while people work, the rebuild of
every timer from the log, the seals, and deadlines kept while reports come in."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bench import crowd, filing, sweeping
from bench.desk import Desk
from bench.stage import ROOT, Stage, row
from core import clock
from core.database import db, transaction
from core.seals import sealing
from sla import seed
from sla.models import Move
from sla.recalculation import publishing

TIMERS = 1_000_000
EACH = 1.95  # running timers of one report of the crowd
FILED = 50  # a second


def rows(staged: Stage) -> Iterator[dict[str, Any]]:
    began = time.monotonic()
    crowd.fill(staged.state, int(TIMERS / EACH))
    took = time.monotonic() - began
    app = staged.app()
    with app.app_context():
        with transaction() as session:
            session.execute(text("ANALYZE tickets, messages, events, timers"))
        open_ = _count("tickets WHERE status IN ('NEW', 'OPEN', 'PENDING', 'ON_HOLD')")
        running = _count("timers WHERE reading = 'RUNNING'")
        yield row(f"generator: {open_:,} open reports, {running:,} timers run", took, 3600)
        yield from _seals(staged)
    yield from _desk(staged, f"{running:,} timers")
    with app.app_context():
        yield from _holiday(staged)
        yield from _rebuild(staged)
        yield _while_filing(staged)


def _count(of: str) -> int:
    found: int = db.session.execute(text(f"SELECT count(*) FROM {of}")).scalar_one()
    db.session.rollback()
    return found


def _seals(staged: Stage) -> list[dict[str, Any]]:
    """How fast the backlog of a whole crowd is sealed, by one sealer beside nothing else."""
    staged.stop("sweeper")
    try:
        began, total = time.monotonic(), 0
        while (sealed := sealing.seal_batch(clock.now())) and total < 500_000:
            total += sealed
        took = time.monotonic() - began
    finally:
        staged.go_on("sweeper")
    if not total:
        return []
    return [
        {
            "what": f"seals over a backlog of {total:,} events",
            "ours": f"{total / took:.0f} events/s",
            "beside": "goal",
            "peer": "2000 events/s",
            "ratio": f"{total / took / 2000:.1f}",
        }
    ]


def _desk(staged: Stage, among: str) -> list[dict[str, Any]]:
    ours, bare = Desk(staged).measure()
    return [
        {
            "what": f"queue page among {among}, whole page in this process",
            "ours": f"{ours:.1f} ms",
            "beside": "bare page over the same index",
            "peer": f"{bare:.1f} ms",
            "ratio": f"×{ours / bare:.1f} (goal ≤ ×4)",
        }
    ]


def _holiday(staged: Stage) -> list[dict[str, Any]]:
    """Published as an administrator would; the system's own worker moves what is open, and
    somebody reads the queue over HTTP all the while."""
    desk = Desk(staged)
    calm = desk.times(8)
    form = seed.calendar_form()
    day = (clock.now() + timedelta(days=int(os.environ.get("AHEAD", "9")))).date()
    while day.weekday() > 4 or day.isoformat() in form["holidays"]:
        day += timedelta(days=1)
    form["holidays"] = sorted([*form["holidays"], day.isoformat()])
    with transaction():
        publishing.publish_calendar(seed.OFFICE, "Jam kantor", form, clock.now(), "user:1")
    began, meanwhile = time.monotonic(), []
    over = threading.Event()
    reader = threading.Thread(target=lambda: meanwhile.extend(desk.times(until=over)))
    reader.start()
    while (move := _move()).ended_at is None:
        time.sleep(0.5)
    took = time.monotonic() - began
    over.set()
    reader.join()
    before, then = statistics.median(calm), statistics.median(meanwhile)
    slowest, usual = sorted(meanwhile)[int(len(meanwhile) * 0.99)], sorted(calm)[-1]
    return [
        row(f"holiday published: {move.seen:,} reports, {move.moved:,} dates moved", took, 60),
        {
            "what": f"queue page over HTTP meanwhile (p50; p99 {slowest:.0f}, before {usual:.0f})",
            "ours": f"{then:.1f} ms",
            "beside": "the same before",
            "peer": f"{before:.1f} ms",
            "ratio": f"×{then / before:.1f} (goal ≤ ×2)",
        },
    ]


def _move() -> Move:
    found = db.session.execute(text("SELECT id FROM moves ORDER BY id DESC LIMIT 1")).scalar_one()
    move = db.session.get_one(Move, found, populate_existing=True)
    db.session.expunge(move)
    db.session.rollback()
    return move


def _rebuild(staged: Stage) -> list[dict[str, Any]]:
    """The command, on every core, while the sweeper is held still so that nothing changes; the goal
    is one of a million timers."""
    timers = _count("timers")
    staged.stop("sweeper")
    staged.stop("worker")
    try:
        began = time.monotonic()
        asked = [sys.executable, "-m", "flask", "--app", "app", "rebuild-timers", "--check"]
        env = staged.env
        said = subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True)
        took = time.monotonic() - began
    finally:
        staged.go_on("worker")
        staged.go_on("sweeper")
    last = (said.stdout.strip().splitlines() or [said.stderr.strip()[-80:]])[-1]
    goal = 90 * timers / 1_000_000
    return [row(f"rebuild of all {timers:,} timers from the log: {last}", took, goal)]


def _while_filing(staged: Stage) -> dict[str, Any]:
    """Deadlines kept while fifty reports a second come in."""
    over = threading.Event()
    filers = [
        threading.Thread(target=filing.steadily, args=(staged.port, FILED / 2, over))
        for _ in range(2)
    ]
    for one in filers:
        one.start()
    try:
        return sweeping.lag(f" while {FILED} reports a second are filed")
    finally:
        over.set()
        for one in filers:
            one.join()
