"""The whole system under one parent: `python app.py`.

Servers first, then what prepares the database, then web, sweeper and workers; stopped the other way
round. The listening socket is ours, so the port is known to be free before anything starts, and
whoever calls while the web server is started again waits a moment instead of being refused.
"""

from __future__ import annotations

import http.client
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import FrameType

from core import servers
from core.children import Keeper
from core.config import Refused, Settings, load
from core.spawn import Plan

ROOT = Path(__file__).resolve().parent.parent
Prepare = Callable[[Settings], Iterable[str] | None]
OPEN_FILES = 65536
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Together less than the five seconds that a stop may take.
WORKING_SECONDS, SERVING_SECONDS = 2.7, 1.8


class Asked(BaseException):
    """Somebody asked us to stop."""


def main(prepare: Prepare) -> int:
    """Start from the environment's settings; a refusal is a sentence and code 1."""
    try:
        run(load(), prepare)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def run(settings: Settings, prepare: Prepare) -> None:
    """Serve until SIGINT or SIGTERM. `prepare` (migrations, demonstration data) runs once with the
    servers up; the lines it returns are shown with the address. Raises Refused."""
    stop_on_signals()
    mine = servers.lock(settings, "system")
    if not mine.take():
        raise Refused(
            f"Another start (or a command) uses the state folder {settings.state_dir.absolute()}. "
            "Stop it first, or choose another folder with STATE_DIR."
        )
    listening = _listen(settings)
    _allow_open_files()
    keeper = Keeper(settings.state.folder("log"))
    keeper.say("Tanggap is starting; Ctrl-C stops it.")
    try:
        known = servers.start(settings, keeper)
        lines = list(prepare(known) or ())
        for plan in plans(known, listening.fileno()):
            keeper.start(plan)
        _until_ready(known, keeper)
        keeper.say("\n".join([f"Tanggap serves at {known.address}", *lines]))
        while True:
            keeper.tick()
    except Asked:
        keeper.say("Stopping.")
    finally:
        for sign in STOPPING:
            signal.signal(sign, signal.SIG_IGN)
        servers.forget(settings)
        listening.close()
        working = [c.plan.name for c in keeper.children if c.plan.name not in servers.NAMES]
        keeper.stop(working, WORKING_SECONDS)
        keeper.stop(servers.NAMES, SERVING_SECONDS)
        mine.close()


def stop_on_signals() -> None:
    """Raise Asked in the main thread once we are asked to stop; children are ours to stop."""
    for sign in STOPPING:
        signal.signal(sign, _ask)


def _ask(signum: int, frame: FrameType | None) -> None:
    for sign in STOPPING:
        signal.signal(sign, signal.SIG_IGN)
    raise Asked


def _listen(settings: Settings) -> socket.socket:
    try:
        family, kind, _, _, place = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(place)
        found.listen(2048)
    except OSError as error:
        raise Refused(
            f"Port {settings.port} of {settings.host} cannot be used: {error.strerror}. "
            "Stop what uses it, or choose another one with PORT."
        ) from None
    return found


def _allow_open_files() -> None:
    """Debian's 1024 would end at a thousand open sockets."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


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


def plans(settings: Settings, listening: int | None) -> list[Plan]:
    """Web server (if there is a socket to serve), sweepers and workers."""
    env = environment(settings)
    wanted: list[Plan] = []
    if listening is not None:
        web = ("-m", "gunicorn", "-c", "python:core.serving", "-w", str(settings.web_workers),
               "-b", f"fd://{listening}", "app:create_app()")  # fmt: skip
        wanted.append(_plan("web", web, env, (listening,), signal.SIGTERM))
    for n in range(settings.sweepers):
        wanted.append(_plan(_numbered("sweeper", n), ("worker.py", "sweeper"), env))
    for n in range(settings.job_workers):
        wanted.append(_plan(_numbered("jobs", n), ("worker.py", "jobs"), env))
    return wanted


def _numbered(name: str, n: int) -> str:
    return name if n == 0 else f"{name}-{n + 1}"


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


def _until_ready(settings: Settings, keeper: Keeper) -> None:
    """Until /readyz says yes; a child that does not come up is shown and tried again meanwhile."""
    told = time.monotonic()
    while (wrong := _readiness(settings)) is not None:
        if time.monotonic() - told > 10:
            told = time.monotonic()
            keeper.say(f"Not ready yet: {wrong}")
        keeper.tick(0.05)


def _readiness(settings: Settings) -> str | None:
    """What is wrong, or None."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # nosec B104
    connection = http.client.HTTPConnection(host, settings.port, timeout=1.0)
    try:
        names = settings.trusted_hosts
        connection.request("GET", "/readyz", headers={"Host": names[0]} if names else {})
        answer = connection.getresponse()
        said = answer.read(2000).decode(errors="replace")
        return None if answer.status == 200 else said
    except (OSError, http.client.HTTPException):
        return "the web server does not answer"
    finally:
        connection.close()
