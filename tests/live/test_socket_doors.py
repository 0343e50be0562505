"""Who gets a socket at all, and what one can do to the server through it: nothing."""

from __future__ import annotations

import contextlib

import pytest
import requests
import websocket
from websocket import ABNF

from accounts.rules.access import Role
from tests.faults.whole import until
from tests.live.house import House, Visitor

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(300),
]

FOREIGN = "https://jahat.example"
MALFORMED = [
    "", "4", "42", "42[]", "42{}", '42[{"a":1}]', "42[[1]]", "42[null]", "429", "4x", "9", "zz",
    '42["join"]', '42["join",1,2,3]', '42["join",{"room":{"a":1}}]', '42["join",{"room":"queue"}]',
    '42["join",{"room":"queue:-1"}]', '42["join",{"room":"queue:1e3"}]', '42["nobody-knows",{}]',
    '42["connect"]', '42["disconnect"]', '43["join"]', "43999[1]", '40/other,', "41/other,",
    '42["join",{"room":"queue:' + "9" * 5000 + '"}]', '42["join",{"room":"track:\u0661"}]',
    '452-["join",{"_placeholder":true,"num":9}]', "451-[", '42["join",{"room":"\\u0000:1"}]',
]  # fmt: skip


@pytest.fixture(scope="module")
def agent(house: House) -> Visitor:
    return house.staff(Role.AGENT, "pengaduan")


def greeted(line: websocket.WebSocket) -> str:
    """Say who we are; the answer is "40..." (come in) or "44..." (no)."""
    assert line.recv().startswith("0")
    line.send("40")
    return str(line.recv())


def still_well(house: House, agent: Visitor) -> None:
    """The server answers, and another screen works."""
    assert house.system.ready()
    screen = agent.screen()
    assert screen.join(f"queue:{house.queue('pengaduan')}") == "joined"
    screen.leave()


def test_a_stranger_is_told_that_there_is_no_session(house: House) -> None:
    assert greeted(Visitor(house).line()) == '44{"message":"session"}'


@pytest.mark.parametrize(
    "more", [{}, {"header": ["X-Forwarded-Host: jahat.example", "X-Forwarded-Proto: https"]}]
)
def test_a_page_of_another_site_gets_no_socket_with_our_cookies(
    agent: Visitor, more: dict[str, list[str]]
) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        agent.line(origin=FOREIGN, **more)
    assert refused.value.status_code == 400
    assert greeted(agent.line()).startswith("40")


def test_long_polling_is_refused(house: House, agent: Visitor) -> None:
    address = f"{house.address}/socket.io/?EIO=4&transport=polling"
    headers = {"Cookie": agent.cookies}
    assert requests.get(address, headers=headers, timeout=30).status_code == 400
    assert requests.post(address, data="40", headers=headers, timeout=30).status_code == 400


def ends(line: websocket.WebSocket) -> None:
    """The server hangs up."""
    with contextlib.suppress(websocket.WebSocketException, OSError):
        while line.recv():
            pass
        return
    line.close()


def test_a_message_that_is_too_large_closes_its_own_line_only(house: House, agent: Visitor) -> None:
    for size in (70_000, 3_000_000):
        line = agent.line()
        assert greeted(line).startswith("40")
        with contextlib.suppress(OSError):
            line.send('42["join",{"room":"' + "x" * size + '"}]')
        ends(line)
    still_well(house, agent)


def test_a_message_that_never_ends_is_not_kept_in_memory(house: House, agent: Visitor) -> None:
    line = agent.line()
    assert greeted(line).startswith("40")
    with pytest.raises(OSError):  # noqa: PT011 -- a broken pipe or a reset, as the kernel likes
        for n in range(4000):
            kind = ABNF.OPCODE_TEXT if n == 0 else ABNF.OPCODE_CONT
            line.send_frame(ABNF.create_frame("x" * 50_000, kind, fin=0))
    still_well(house, agent)


@pytest.mark.parametrize("said", MALFORMED)
def test_nonsense_breaks_nothing_and_opens_nothing(house: House, agent: Visitor, said: str) -> None:
    with contextlib.suppress(websocket.WebSocketException, OSError):
        line = agent.line()
        assert greeted(line).startswith("40")
        line.send(said)
        line.send('427["join",{"room":"queue:999999"}]')
        while "joined" not in (answer := str(line.recv())):
            if answer.startswith("437"):
                assert "refused" in answer
                break
        else:
            pytest.fail(answer)
    assert house.system.ready()


def test_a_screen_that_never_stops_asking_is_closed(house: House, agent: Visitor) -> None:
    line = agent.line()
    assert greeted(line).startswith("40")
    with contextlib.suppress(OSError):
        for _ in range(1000):
            line.send('421["join",{"room":"queue:1"}]')
    ends(line)
    still_well(house, agent)


def test_after_all_that_the_server_is_well(house: House, agent: Visitor) -> None:
    still_well(house, agent)


def test_a_line_that_never_says_who_it_is_does_not_stay(house: House) -> None:
    line = Visitor(house).line()
    assert line.recv().startswith("0")
    line.settimeout(0.1)

    def hung_up() -> bool:
        try:
            return line.recv() in ("", "1")
        except websocket.WebSocketTimeoutException:
            return False
        except (websocket.WebSocketException, OSError):
            return True

    until(hung_up, "the end of a line without a name")
