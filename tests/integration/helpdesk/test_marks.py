"""An open page learns that it missed something, and of nothing that is not for its reader."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import text

from accounts.rules.access import Role
from core.database import transaction
from tests.integration.helpdesk.desk import Desk, fresh, report
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")

MINE = "/laporan-saya"


@pytest.fixture
def agent(app: Flask) -> Desk:
    return Desk(app, "Rani", Role.AGENT, "pengaduan")


@pytest.fixture
def citizen(app: Flask) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.report("Belum ada kabar")
    return visitor


def shown(visitor: Visitor, path: str) -> tuple[str, int]:
    """The mark and the last line's number of a page."""
    page = visitor.get(path).text
    mark = re.search(r'data-mark="([^"]+)"', page)
    assert mark is not None
    return mark.group(1), max(int(n) for n in re.findall(r'data-seq="(\d+)"', page))


def test_a_note_changes_the_offices_mark_and_not_the_citizens(
    agent: Desk, citizen: Visitor
) -> None:
    number = citizen.number()
    desk = f"/laporan/{number}"
    (theirs, last), (ours, seen) = shown(citizen, MINE), shown(agent, desk)
    agent.send(desk, f"{desk}/catatan", text="Hanya untuk petugas.")
    quiet = citizen.get(f"{MINE}/pesan?sesudah={last}")
    assert (quiet.status_code, quiet.headers["X-Mark"]) == (204, theirs)
    told = agent.get(f"{desk}/pesan?sesudah={seen}")
    assert "Hanya untuk petugas." in told.text
    assert told.headers["X-Mark"] != ours
    assert told.headers["X-Mark"] == shown(agent, desk)[0]


def test_an_answer_comes_once_with_another_mark(agent: Desk, citizen: Visitor) -> None:
    desk = f"/laporan/{citizen.number()}"
    mark, last = shown(citizen, MINE)
    agent.send(desk, f"{desk}/jawaban", text="Sedang diurus.")
    told = citizen.get(f"{MINE}/pesan?sesudah={last}")
    assert told.text.count("Sedang diurus.") == 1
    assert told.headers["X-Mark"] == shown(citizen, MINE)[0] != mark
    assert citizen.get(f"{MINE}/pesan?sesudah={last + 1}").status_code == 204


def test_a_long_absence_is_caught_up_with_page_by_page(agent: Desk) -> None:
    ticket = report()
    with transaction() as session:
        session.execute(
            text(
                "INSERT INTO messages (ticket_id, seq, kind, author, body, at) SELECT :id, n, "
                "'PUBLIC', 'requester', 'Baris ' || n, now() FROM generate_series(2, 300) n"
            ),
            {"id": ticket.id},
        )
    path, after, found = f"/laporan/{ticket.number}/pesan", 0, 0
    while True:
        answer = agent.get(f"{path}?sesudah={after}")
        numbers = [int(n) for n in re.findall(r'data-seq="(\d+)"', answer.text)]
        found, after = found + len(numbers), max(numbers)
        if "X-More" not in answer.headers:
            break
    assert found == 300
    assert answer.status_code == 200


@pytest.mark.parametrize("nonsense", ["-1", "abc", "9" * 40, ""])
def test_a_number_that_makes_no_sense_asks_for_all(agent: Desk, nonsense: str) -> None:
    ticket = report()
    answer = agent.get(f"/laporan/{ticket.number}/pesan?sesudah={nonsense}")
    assert answer.status_code in (200, 204)


def test_a_list_says_when_rows_left_or_came_from_elsewhere(agent: Desk) -> None:
    ticket = report()
    page = agent.get("/antrean").text
    mark = re.search(r'data-mark="([^"]+)"', page)
    cursor = re.search(r'data-cursor="([0-9.]+)"', page)
    assert mark is not None
    assert cursor is not None

    def asked() -> tuple[int, bool]:
        queue = fresh(ticket.id).queue_id
        address = f"/antrean/baru?antrean={queue}&sejak={cursor.group(1)}"
        said = agent.get(address).get_json()
        return said["count"], said["mark"] == mark.group(1)

    assert asked() == (0, True)
    agent.do(ticket, "jawaban", text="Sudah kami lihat.")
    assert asked() == (0, False)
