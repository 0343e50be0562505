"""One whole system for all tests that break a part of it and see it mended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.office import Inside
from tests.faults.whole import Whole, state_folder, whole


@pytest.fixture(scope="package")
def system() -> Iterator[Whole]:
    # On a host of another zone, as if it stood elsewhere: no date may depend on that.
    more = {"SWEEPERS": "2", "LEASE_SECONDS": "5", "TZ": "America/New_York"}
    with state_folder() as state, whole(state, **more) as started:
        yield started


@pytest.fixture(scope="package")
def inside(system: Whole) -> Inside:
    return Inside(system)
