"""A report's whole life under random use: whoever does what at which moment, the engine is right.

Real use cases on a real database; only the clock is moved. After each step the truths are looked
at; what the table of moves does not have must be refused and leave nothing behind.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from core.clock import MovableClock
from tests.promises.dice import Dice
from tests.promises.life import Life
from tests.promises.lives import Lives

ALL = HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much
SHORT = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    # A life of 25 steps is read as it is; making it shorter takes minutes.
    phases=[Phase.generate],
    suppress_health_check=ALL,
)
START = datetime(2026, 11, 20, 1, tzinfo=UTC)
LONG = settings(SHORT, max_examples=30, stateful_step_count=50, derandomize=False)


def live(app: Flask, clock: MovableClock, how: settings) -> None:
    with app.app_context():
        office = Lives.opened(clock)
        run_state_machine_as_test(lambda: Life(office), settings=how)


def by_the_dice(app: Flask, clock: MovableClock, seeds: Iterable[int], steps: int) -> None:
    with app.app_context():
        office = Lives.opened(clock)
        for seed in seeds:
            office.begin(START + timedelta(days=seed % 120))
            life = Dice(office, seed)
            for n in range(steps):
                try:
                    life.step()
                except AssertionError as error:
                    raise AssertionError(f"seed {seed}, step {n}: {error}") from error


def test_lives_that_go_deep_are_what_somebody_counts_by_hand(
    committed_app: Flask, clock: MovableClock
) -> None:
    by_the_dice(committed_app, clock, range(1, 9), 40)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_many_lives_that_go_deep_are_what_somebody_counts_by_hand(
    committed_app: Flask, clock: MovableClock
) -> None:
    by_the_dice(committed_app, clock, (secrets.randbits(31) for _ in range(25)), 80)


def test_whoever_does_what_at_which_moment(committed_app: Flask, clock: MovableClock) -> None:
    live(committed_app, clock, SHORT)


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_whoever_does_what_for_a_long_time(committed_app: Flask, clock: MovableClock) -> None:
    live(committed_app, clock, LONG)
