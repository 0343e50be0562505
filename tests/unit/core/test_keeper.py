"""Children are kept alive, what they say is kept, and they go when they are told to."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from signal import SIGKILL

import pytest

from core.running.children import LONGEST_REST, Child, Keeper
from core.running.spawn import Plan
from tests.faults.whole import until

STAYS = "import sys, time; print('here', flush=True); time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"  # noqa: E501
BROKEN = "raise SystemExit(3)"


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    made = Keeper(tmp_path)
    yield made
    made.stop([c.plan.name for c in made.children], within=1)


def _start(keeper: Keeper, program: str, name: str = "child") -> Child:
    env = {"PATH": os.environ["PATH"]}
    return keeper.start(Plan(name, (sys.executable, "-c", program), env, console=True))


def _until(keeper: Keeper, child: Child, word: str) -> None:
    def said() -> bool:
        keeper.tick(0.05)
        return child.log.exists() and word in child.log.read_text()

    until(said, word)


def test_what_a_child_says_is_kept_in_its_log(keeper: Keeper) -> None:
    _until(keeper, _start(keeper, STAYS), "here")


def test_a_killed_child_is_started_again(keeper: Keeper) -> None:
    child = _start(keeper, STAYS)
    _until(keeper, child, "here")
    assert child.process is not None
    first = child.process.pid
    os.kill(first, SIGKILL)
    _until(keeper, child, "here\nhere")
    assert child.process is not None
    assert child.process.pid != first


def test_a_child_that_cannot_live_is_tried_for_ever_at_growing_rests(keeper: Keeper) -> None:
    child = _start(keeper, BROKEN)
    rests = {child.rest}

    def tried() -> bool:
        keeper.tick(0.01)
        child.again_at = 0.0  # we need not sit the rests out
        rests.add(child.rest)
        return child.rest == LONGEST_REST

    until(tried, "the longest rest")
    assert sorted(rests) == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0]


def test_a_deaf_child_is_ended_all_the_same(keeper: Keeper) -> None:
    child = _start(keeper, DEAF)
    _until(keeper, child, "deaf")
    keeper.stop(["child"], within=0.2)
    assert not child.alive


def test_a_program_that_is_not_there_ends_nobody(keeper: Keeper) -> None:
    keeper.start(Plan("nothing", ("/nonexistent/program",), {}, console=True))
    keeper.tick(0.01)
    _until(keeper, _start(keeper, STAYS), "here")


TALKS = "import time\nwhile True: print('word ' * 200, flush=True); time.sleep(0.01)"


@pytest.mark.parametrize("console", [True, False], ids=["through us", "by itself"])
def test_a_log_is_turned_over_while_its_child_goes_on_writing(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch, console: bool
) -> None:
    monkeypatch.setattr("core.running.children.LOG_BYTES", 20_000)
    monkeypatch.setattr("core.running.children.LOOK_EVERY", 0.05)
    plan = Plan("child", (sys.executable, "-c", TALKS), {"PATH": os.environ["PATH"]})
    child = keeper.start(replace(plan, console=console))
    assert child.process is not None
    first, before = child.process.pid, keeper.logs / "child.log.1"

    def turned_over_twice() -> bool:
        keeper.tick(0.02)
        if before.exists():
            turned.add(before.stat().st_mtime_ns)
        return len(turned) > 2

    turned: set[int] = set()
    until(turned_over_twice, "a log that was begun anew")
    keeper.tick(0.1)
    assert child.log.stat().st_size < 100_000
    assert before.read_text().startswith("word")
    assert "\0" not in child.log.read_text()
    assert child.process.pid == first
