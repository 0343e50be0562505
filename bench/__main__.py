"""`make bench`: measures, prints the table, and keeps it in docs/performance.md.

`make bench BENCH=full` also sets up django-helpdesk beside us and goes to a million open timers,
which takes half an hour and some gigabytes.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import bringing, desk, engine, filing, million, peer, sweeping
from bench.stage import Stage, rss_mb, stage

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
HEAD = """# How fast

`make bench` measures on the machine it runs on and rewrites this table; it fails nothing. Server,
database, worker, sweeper and load client share the machine. Limits per address are raised for the
bench. Ratios say more than times.

"""


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Measured on {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, Python {platform.python_version()}.\n\n"
    )


def _memory(staged: Stage) -> dict[str, Any]:
    size = max((rss_mb(pid) for pid in staged.pids("gunicorn")), default=0.0)
    return {
        "what": "web process after the filing load, resident",
        "ours": f"{size:.0f} MB",
        "beside": "goal",
        "peer": "150 MB",
        "ratio": f"{size / 150:.2f}",
    }


def _engine_row(row: dict[str, Any]) -> dict[str, Any]:
    said = {key: str(value) for key, value in row.items() if value is not None}
    if row["peer"] is None:
        goal = row["goal"]
        return {"beside": "goal", **said, "peer": str(goal), "ratio": f"{row['ours'] / goal:.2f}"}
    return {"beside": "businesstimedelta", **said}


def _line(row: dict[str, Any]) -> str:
    cells = [str(row.get(k, "")) for k in ("what", "ours", "beside", "peer", "ratio")]
    return "| " + " | ".join(cells) + " |"


def _rows() -> Iterator[dict[str, Any]]:
    yield from map(_engine_row, engine.rows())
    with stage() as staged:
        yield from filing.rows(staged)
        yield _memory(staged)
        yield from desk.rows(staged)
        yield from sweeping.rows(staged)
        yield from bringing.rows(staged)
        if "full" in sys.argv[1:]:
            with peer.peer(staged) as port:
                yield from filing.beside(staged, peer.filed_a_second(port, filing.CLIENTS, 10))
            yield from million.rows(staged)


def main() -> None:
    """Rows are printed as they are found, so that a long run can be followed."""
    lines = ["| what | ours | beside | it | ratio |", "|---|---|---|---|---|"]
    for row in _rows():
        lines.append(_line(row))
        print(lines[-1], flush=True)
    PAGE.write_text(HEAD + _machine() + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
