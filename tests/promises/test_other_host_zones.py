"""The worked examples agree on whichever host they are played: its own zone decides nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from core.clock import MovableClock
from helpdesk.examples.agreement import differences
from helpdesk.examples.cases import Case
from tests.promises.test_examples import RUN

ZONES = ("America/New_York", "Pacific/Kiritimati")
SOME = RUN[::12]


@pytest.fixture(params=ZONES)
def host(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("case", SOME, ids=lambda case: case.id)
def test_the_engine_agrees_elsewhere_too(
    case: Case, host: str, db_session: Session, clock: MovableClock
) -> None:
    assert time.localtime(0).tm_gmtoff != 0
    assert differences(case, clock) == []


@pytest.mark.long
@pytest.mark.parametrize("case", RUN[1::3], ids=lambda case: case.id)
def test_many_examples_agree_elsewhere_too(
    case: Case, host: str, db_session: Session, clock: MovableClock
) -> None:
    assert differences(case, clock) == []
