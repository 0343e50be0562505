"""Whoever sends very much is told to wait, and costs little until then."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from accounts.login import LONGEST, normal_email
from accounts.rules.password import MOST, READ, Weakness, normal, weakness
from core.pages.floods import OURS, Counts, limiter
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def two_an_hour(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(app.config, "LIMITS", {"writing": 2})
    limiter.reset()
    yield
    limiter.reset()


@pytest.mark.usefixtures("two_an_hour")
def test_a_citizen_who_writes_without_end_is_told_to_wait(app: Flask) -> None:
    citizen = Visitor(app.test_client())
    citizen.report("Satu")
    sent = [
        citizen.send("/laporan-saya", "/laporan-saya/pesan", text=f"Pesan {n}").status_code
        for n in range(4)
    ]
    assert sent == [303, 303, 429, 429]


def test_a_redis_that_hangs_lets_people_through_and_is_asked_once(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as hangs:
        hangs.bind(str(tmp_path / "s"))
        hangs.listen()
        hangs.settimeout(0.1)
        counts = Counts(f"{OURS}unix://{tmp_path}/s")
        assert [counts.incr("LIMITS/x", 60) for _ in range(5)] == [0] * 5
        hangs.accept()[0].close()
        with pytest.raises(TimeoutError):
            hangs.accept()


def test_of_an_address_of_a_megabyte_a_few_letters_are_read() -> None:
    # One sign that becomes eighteen when it is brought to its one form.
    assert len(normal_email("\ufdfa" * 500_000)) <= 18 * LONGEST


def test_of_a_password_of_a_megabyte_a_few_letters_are_read() -> None:
    read = normal("\ufdfa" * 500_000)
    assert len(read) <= 18 * READ
    assert weakness(read) is Weakness.LONG
    assert weakness(normal("e\u0301" * (MOST + 1) * 8)) is Weakness.LONG
