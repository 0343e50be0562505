"""Workers for configured servers: `python worker.py` runs sweeper and job worker, watched over.

`python worker.py sweeper` and `python worker.py jobs` are one of them, as a process of its own.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from core.config import Settings, load
from core.running import plans, servers, system
from core.running.children import Keeper
from core.running.refusal import Refused

if TYPE_CHECKING:
    from flask import Flask


def sweeper() -> None:
    """Record what is due, until asked to stop."""
    from sla.sweeps import sweeping

    sweeping.run(_app())


def jobs() -> None:
    """Carry out what follows, until asked to stop."""
    from core.jobs import run_worker

    run_worker(_app())


def _app() -> Flask:
    from app import create_app
    from core.running import prepared

    made = create_app()
    with made.app_context():
        prepared.demand()
    return made


def watch(settings: Settings) -> None:
    """Both, started again when they die, until asked to stop."""
    system.stop_on_signals()
    keeper = Keeper(settings.state.folder("log"))
    with servers.servers(settings) as known:
        try:
            for plan in plans.workers(known):
                keeper.start(plan)
            while True:
                keeper.tick()
        except system.Asked:
            keeper.say("Stopping.")
        finally:
            keeper.stop([c.plan.name for c in keeper.children], system.WORKING_SECONDS)


ROLES = {"sweeper": sweeper, "jobs": jobs}


def main(arguments: list[str]) -> int:
    if len(arguments) > 1 or (arguments and arguments[0] not in ROLES):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        if arguments:
            ROLES[arguments[0]]()
        else:
            watch(load())
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
