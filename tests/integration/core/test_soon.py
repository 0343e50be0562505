"""What a web process tells after its answer: each thing soon, and in a burst once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask

from core.live.soon import Teller, soon


@pytest.fixture
def teller(app: Flask) -> Iterator[Teller]:
    app.extensions["teller"] = Teller(app)
    yield app.extensions["teller"]
    del app.extensions["teller"]


def until_quiet(teller: Teller) -> None:
    end = time.monotonic() + 10
    while teller.telling and time.monotonic() < end:
        time.sleep(0.01)
    assert not teller.telling


def test_where_nobody_collects_a_call_is_made_at_once(app: Flask) -> None:
    told: list[int] = []
    with app.app_context():
        soon("one", lambda: told.append(1))
    assert told == [1]


def test_a_burst_tells_the_same_thing_a_few_times_and_different_things_all(
    app: Flask, teller: Teller
) -> None:
    told: Counter[str] = Counter()
    with app.app_context():
        for n in range(300):
            soon("same", lambda: told.update(["same"]))
            soon(n, lambda n=n: told.update([str(n)]))
    until_quiet(teller)
    assert 1 <= told.pop("same") <= 10
    assert told == Counter(map(str, range(300)))


def test_whatever_is_put_while_others_are_told_is_told_too(app: Flask, teller: Teller) -> None:
    told: list[str] = []
    first = threading.Event()

    def slow() -> None:
        first.set()
        time.sleep(0.2)
        told.append("slow")

    with app.app_context():
        soon("slow", slow)
        assert first.wait(5)
        soon("later", lambda: told.append("later"))
    until_quiet(teller)
    assert told == ["slow", "later"]


def test_one_call_that_fails_keeps_no_other_from_being_told(app: Flask, teller: Teller) -> None:
    told: list[str] = []

    def fails() -> None:
        raise RuntimeError("away")

    with app.app_context():
        soon("a", fails)
        soon("b", lambda: told.append("b"))
    until_quiet(teller)
    assert told == ["b"]
