"""One whole system with two web processes for all tests of live screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.whole import state_folder, whole
from tests.live.house import House


@pytest.fixture(scope="package")
def house() -> Iterator[House]:
    with state_folder() as state, whole(state, SOCKET_CHECK="1", WEB_WORKERS="2") as system:
        yield House(system)
