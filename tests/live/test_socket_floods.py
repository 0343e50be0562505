"""Whoever talks to the server without end hurts nobody else."""

from __future__ import annotations

import contextlib
import threading

import pytest
import requests
from websocket import WebSocketException

from core.live.screens import MOST
from tests.live.house import House, Visitor

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(300),
]


def flood(citizen: Visitor) -> None:
    with contextlib.suppress(WebSocketException, OSError):
        line = citizen.line()
        line.recv()
        line.send("40")
        line.recv()
        for n in range(1000):
            line.send(f'42{n}["join",{{"room":"track:{citizen.ticket_id}"}}]')


def test_pages_are_served_while_one_citizen_floods_many_sockets(house: House) -> None:
    citizen = house.citizen()
    floods = [threading.Thread(target=flood, args=(citizen,)) for _ in range(20)]
    for one in floods:
        one.start()
    answers = [requests.get(house.address + "/lapor", timeout=30).status_code for _ in range(30)]
    for one in floods:
        one.join()
    assert set(answers) == {200}


def test_one_session_has_many_screens_but_not_without_end(house: House) -> None:
    citizen = house.citizen()
    lines, greetings = [], []
    for _ in range(MOST + 3):
        line = citizen.line()
        line.recv()
        line.send("40")
        greetings.append(str(line.recv()))
        lines.append(line)
    assert [g[:2] for g in greetings] == ["40"] * MOST + ["44"] * 3
    assert "often" in greetings[-1]
    for line in lines:
        line.close()
    other = house.citizen()
    assert other.screen().join(f"track:{other.ticket_id}") == "joined"
