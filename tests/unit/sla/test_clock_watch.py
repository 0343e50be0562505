"""A clock that jumps stops the sweeper until it has been calm for a minute."""

from __future__ import annotations

import pytest

from sla.sweeps.clock_watch import ClockWatch


def test_clocks_that_run_together_are_fit_for_sweeping() -> None:
    watch = ClockWatch()
    assert all(watch.fits(1000.0 + n, float(n)) for n in range(200))


def test_a_drift_of_up_to_five_seconds_is_no_jump() -> None:
    watch = ClockWatch()
    assert watch.fits(1000.0, 0.0)
    assert watch.fits(1006.0, 1.0)


@pytest.mark.parametrize("jump", [6.0, -6.0, 3600.0])
def test_after_a_jump_nothing_is_swept_for_sixty_seconds(jump: float) -> None:
    watch = ClockWatch()
    assert watch.fits(1000.0, 0.0)
    assert not watch.fits(1001.0 + jump, 1.0)
    assert not watch.fits(1060.5 + jump, 60.5)
    assert watch.fits(1061.0 + jump, 61.0)


def test_a_second_jump_begins_the_sixty_seconds_again() -> None:
    watch = ClockWatch()
    watch.fits(1000.0, 0.0)
    assert not watch.fits(1101.0, 1.0)
    assert not watch.fits(1050.0, 50.0)
    assert not watch.fits(1109.0, 109.0)
    assert watch.fits(1110.0, 110.0)
