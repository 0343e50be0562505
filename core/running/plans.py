"""What a whole system consists of beside its servers: web, sweepers and workers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from core.config import Settings
from core.running import gate
from core.running.spawn import Plan

ROOT = Path(__file__).resolve().parents[2]


def environment(settings: Settings) -> dict[str, str]:
    """What a child reads its settings from: never the owner's address, which only migrates."""
    mine = {k: v for k, v in os.environ.items() if k != "DATABASE_OWNER_URL"}
    return {
        **mine,
        "ENV": settings.env,
        "STATE_DIR": str(settings.state_dir.absolute()),
        "HOST": settings.host,
        "PORT": str(settings.port),
        "DATABASE_URL": settings.database_url or "",
        "REDIS_URL": settings.redis_url or "",
        "PYTHONUNBUFFERED": "1",
    }


def web(settings: Settings, listening: int, behind: gate.Gate) -> Plan:
    """The web server on a socket of ours."""
    arguments = (
        "-m", "gunicorn", "-c", "python:core.running.serving", "-w", str(settings.web_workers),
        "-b", f"fd://{listening}", "app:serve()",
    )  # fmt: skip
    env = {
        **environment(settings),
        gate.NAME: str(behind.inner),
        # Large blocks (a picture that was unpacked) go back to the machine once they are free.
        "MALLOC_MMAP_THRESHOLD_": "1000000",
    }
    return _plan("web", arguments, env, (listening, behind.inner), signal.SIGTERM)


def workers(settings: Settings) -> list[Plan]:
    """Sweepers and job workers, each a process of its own."""
    env = environment(settings)
    wanted = {"sweeper": settings.sweepers, "jobs": settings.job_workers}
    return [
        _plan(role if n == 0 else f"{role}-{n + 1}", ("worker.py", role), env)
        for role, count in wanted.items()
        for n in range(count)
    ]


def _plan(
    name: str,
    arguments: tuple[str, ...],
    env: Mapping[str, str],
    keep_fds: tuple[int, ...] = (),
    orphaned: signal.Signals = signal.SIGKILL,
) -> Plan:
    command = (sys.executable, *arguments)
    return Plan(
        name, command, env, cwd=str(ROOT), keep_fds=keep_fds, orphaned=orphaned, console=True
    )
