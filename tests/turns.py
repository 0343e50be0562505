"""Which tests keep together on one worker, and which begin first.

Whoever shares a whole system keeps together, else each worker would start one of its own. What
takes long begins first, so that at the end no worker waits for the other. Among themselves and
among the rest the order is chance's.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.scheduler.protocol import Scheduling

# Folders whose tests share a whole system, the longest first.
SHARING = ("tests/browser", "tests/faults", "tests/live")
# Starts and stops systems of its own, one a test.
ALONE = "tests/faults/test_system.py"


def turn(nodeid: str) -> str:
    """What a test keeps together with: a folder's name, or only itself."""
    file = nodeid.partition("::")[0]
    folder = "/".join(file.split("/")[:2])
    return folder if folder in SHARING and file != ALONE else nodeid


def _place(nodeid: str) -> int:
    found = turn(nodeid)
    if found in SHARING:
        return SHARING.index(found)
    return len(SHARING) + (not nodeid.startswith(ALONE))


class Turns(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return turn(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    config.option.loadscopereorder = False  # many tests need not be much time
    return Turns(config, log)  # type: ignore[arg-type]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _place(item.nodeid))
