"""A report's whole life under random use: whoever does what at which moment, the engine is right.

Real use cases on a real database; only the clock is moved. After each step the truths are looked
at; what the table of moves does not have must be refused and leave nothing behind.
"""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from core.clock import MovableClock
from tests.promises.life import Life
from tests.promises.lives import Lives

ALL = HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much
SHORT = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    # A life of 25 steps is read as it is; making it shorter takes minutes.
    phases=[Phase.generate],
    suppress_health_check=ALL,
)
LONG = settings(SHORT, max_examples=150, stateful_step_count=50, derandomize=False)


def live(app: Flask, clock: MovableClock, how: settings) -> None:
    with app.app_context():
        office = Lives.opened(clock)
        run_state_machine_as_test(lambda: Life(office), settings=how)


def test_whoever_does_what_at_which_moment(committed_app: Flask, clock: MovableClock) -> None:
    live(committed_app, clock, SHORT)


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_whoever_does_what_for_a_long_time(committed_app: Flask, clock: MovableClock) -> None:
    live(committed_app, clock, LONG)
