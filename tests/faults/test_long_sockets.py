"""Two hundred screens lose their lines at once, again and again: all come back and miss nothing."""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import websocket

from accounts.rules.access import Role
from tests.faults.whole import state_folder, until, whole
from tests.live.house import House, Visitor

pytestmark = [
    pytest.mark.faults,
    pytest.mark.long,
    pytest.mark.timeout(1500),
]

CITIZENS, EACH = 10, 20  # screens: two hundred
ROUNDS = 4
AWAY = 20.0  # seconds without a line

Line = websocket.WebSocket


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with state_folder() as state, whole(state, WEB_WORKERS="2") as system:
        yield House(system)


def joined(citizen: Visitor) -> Line:
    """A line on which the citizen's own report is heard."""
    line = citizen.line()
    line.recv()
    line.send("40")
    line.recv()
    line.send(f'421["join",{{"room":"track:{citizen.ticket_id}"}}]')
    assert "joined" in said(line, "431")
    return line


def said(line: Line, begins: str) -> str:
    """The next packet of a kind; pings are answered on the way."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        packet = str(line.recv())
        if packet.startswith(begins):
            return packet
        if packet == "2":
            line.send("3")
    raise AssertionError(f"never came: {begins}")


def drop(line: Line) -> None:
    """As when a phone loses its network: no word of farewell."""
    assert line.sock is not None
    line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.sock.close()


def shown(citizen: Visitor, after: int) -> list[int]:
    """The numbers of the lines that a page catches up with."""
    part = citizen.get(f"/laporan-saya/pesan?sesudah={after}")
    return [int(n) for n in re.findall(r'data-seq="(\d+)"', part)]


def test_two_hundred_dropped_screens_come_back_and_miss_nothing(house: House) -> None:
    agent = house.staff(Role.AGENT, "pengaduan")
    citizens = [house.citizen() for _ in range(CITIZENS)]
    screens = [citizen for citizen in citizens for _ in range(EACH)]
    last, slowest = dict.fromkeys(citizens, 1), 0.0
    with ThreadPoolExecutor(16) as pool:
        lines = list(pool.map(joined, screens))
        for n in range(ROUNDS):
            for line in lines:
                drop(line)
            began = time.monotonic()
            for citizen in citizens:
                agent.act(citizen.number, "jawaban", text=f"Kabar {n}, tanpa layar.")
            until(lambda: house.sql("SELECT count(*) FROM sockets") == [0], "no line left behind")
            time.sleep(max(0.0, AWAY - (time.monotonic() - began)))
            began = time.monotonic()
            lines = list(pool.map(joined, screens))
            slowest = max(slowest, time.monotonic() - began)
            for citizen in citizens:
                agent.act(citizen.number, "jawaban", text=f"Kabar {n}, di layar.")
            heard = pool.map(lambda line: said(line, '42["hint"'), lines)
            assert all("ticket" in packet for packet in heard)
            for citizen in citizens:
                assert shown(citizen, last[citizen]) == [last[citizen] + 1, last[citizen] + 2]
                last[citizen] += 2
        assert house.system.ready()
        for line in lines:
            drop(line)
    kept = house.sql("SELECT last_seq FROM tickets ORDER BY id DESC LIMIT :n", n=CITIZENS)
    assert kept == [1 + 2 * ROUNDS] * CITIZENS
    print(f"\n{len(screens)} screens dropped {ROUNDS} times, all back within {slowest:.1f} s")
