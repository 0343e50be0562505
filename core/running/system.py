"""The whole system under one parent: `python app.py`.

Servers first, then what prepares the database, then web, sweeper and workers; stopped the other way
round. The listening socket is ours, so the port is known to be free before anything starts, and
whoever calls while the web server is started again waits a moment instead of being refused.
"""

from __future__ import annotations

import http.client
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from types import FrameType

from core.config import Settings, load
from core.running import gate, plans, servers
from core.running.children import Keeper
from core.running.refusal import Refused

Prepare = Callable[[Settings], Iterable[str] | None]
OPEN_FILES = 65536
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Together less than the five seconds that a stop may take.
WORKING_SECONDS, SERVING_SECONDS = 2.7, 1.8


class Asked(BaseException):
    """Somebody asked us to stop."""


def main(prepare: str) -> int:
    """Start from the environment's settings; a refusal is a sentence and code 1.

    `prepare` names a function, "module:function": its module is imported once the servers are
    starting, because importing the house takes longer than they do."""
    module, _, function = prepare.partition(":")

    def prepared(known: Settings) -> Iterable[str] | None:
        found: Prepare = getattr(import_module(module), function)
        return found(known)

    try:
        run(load(), prepared)
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
        starting = servers.Starting(settings, keeper)
        behind = gate.Gate()
        keeper.start(plans.web(starting.known, listening.fileno(), behind))
        starting.finish()
        known = starting.known
        lines = list(prepare(known) or ())
        behind.open()
        for plan in plans.workers(known):
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
        if sign != signal.SIGHUP or signal.getsignal(sign) != signal.SIG_IGN:  # nohup means it
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
        names = settings.hosts()
        connection.request("GET", "/readyz", headers={"Host": names[0]} if names else {})
        answer = connection.getresponse()
        said = answer.read(2000).decode(errors="replace")
        return None if answer.status == 200 else said
    except (OSError, http.client.HTTPException):
        return "the web server does not answer"
    finally:
        connection.close()
