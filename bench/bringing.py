"""Bringing in another system's tickets: a file of the shape that Boston publishes."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.stage import Stage
from helpdesk.imports import foreign, importing, mapping

ROWS = 20_000
MAPPING = Path(importing.__file__).parent.parent / "data" / "boston311.toml"
HEAD = (
    "CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,CASE_TITLE,OnTime_Status,"
    "CASE_STATUS,REASON,Department"
)


def _file(folder: Path) -> Path:
    """Closed and open cases, kept and late, from a seed."""
    dice, path = random.Random(311), folder / "cases.csv"  # noqa: S311  # nosec B311 -- no secret
    began = datetime(2015, 1, 1, 7)
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD.split(","))
        for n in range(ROWS):
            opened = began + timedelta(minutes=20 * n)
            due = opened + timedelta(days=dice.choice([1, 10, 30]))
            closed = opened + timedelta(hours=dice.randint(1, 900))
            is_open = dice.random() < 0.2
            kept = closed <= due and not is_open
            out.writerow(
                [n, opened, due, "" if is_open else closed, f"Heat {n}",
                 "ONTIME" if kept else "OVERDUE", "Open" if is_open else "Closed", "Housing",
                 "ISD"]
            )  # fmt: skip
    return path


def rows(stage: Stage) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, stage.app().app_context():
        path, known = _file(Path(folder)), mapping.load(MAPPING)
        began = time.monotonic()
        done = importing.bring_in(foreign.rows(path, known), known, lambda told: None)
        took = time.monotonic() - began
    assert done.added == ROWS, done
    return [
        {
            "what": f"import, {ROWS:,} rows of a 311 file, with messages, events and timers",
            "ours": f"{ROWS / took:.0f} rows/s",
            "beside": "goal",
            "peer": "2000 rows/s",
            "ratio": f"{ROWS / took / 2000:.2f}",
        }
    ]
