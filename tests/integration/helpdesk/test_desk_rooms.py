"""How the office is set up by its administrators, and whose screens hear of what."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.database import db
from core.live.sockets import socketio
from helpdesk.models import Member, RouteRow
from tests.integration.helpdesk.desk import Desk, queue_id, report
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")

SETTINGS = "/pengaturan/antrean"


@pytest.fixture
def admin(app: Flask) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


def post(desk: Desk, path: str, **fields: Any) -> int:
    data = {"csrf_token": desk.token, **fields}
    return desk.client.post(f"{SETTINGS}/{path}", data=data).status_code


def lines() -> list[RouteRow]:
    db.session.expire_all()
    return list(db.session.scalars(select(RouteRow).order_by(RouteRow.position)))


def test_a_new_line_stands_above_the_one_that_takes_all_and_routes(admin: Desk) -> None:
    before = len(lines())
    assert post(admin, "baris", klass="COMPLAINT", queue=queue_id("kesehatan")) == 303
    assert len(lines()) == before + 1
    assert lines()[-2].queue_id == queue_id("kesehatan")
    assert report().queue_id == queue_id("kesehatan")


def test_a_line_moves_up_and_goes_away(admin: Desk) -> None:
    second = lines()[1].id
    assert post(admin, f"baris/{second}/naik") == 303
    assert lines()[0].id == second
    assert post(admin, f"baris/{second}/naik") == 303
    assert lines()[0].id == second
    assert post(admin, f"baris/{second}/hapus") == 303
    assert second not in {line.id for line in lines()}
    assert post(admin, f"baris/{second}/hapus") == 404


def test_a_line_moves_down_but_never_below_the_one_that_takes_all(admin: Desk) -> None:
    first, second = lines()[0].id, lines()[1].id
    assert post(admin, f"baris/{first}/turun") == 303
    assert [line.id for line in lines()[:2]] == [second, first]
    lowest, last = lines()[-2].id, lines()[-1].id
    assert post(admin, f"baris/{lowest}/turun") == 303
    assert [line.id for line in lines()[-2:]] == [lowest, last]
    assert post(admin, f"baris/{last}/turun") == 409


def test_the_page_numbers_the_lines_and_offers_only_moves_that_lead_somewhere(
    admin: Desk,
) -> None:
    page = admin.get(SETTINGS).text
    rows = page.split('<tr role="row" id="baris-')[1:]
    assert [re.findall(r"<td[^>]*>(\d+)</td>", row)[0] for row in rows] == [
        str(n) for n in range(1, len(lines()) + 1)
    ]
    assert [len(re.findall(r"small\" disabled", row)) for row in rows[:-1]] == [
        1, *[0] * (len(rows) - 3), 1,
    ]  # fmt: skip
    assert "<button" not in rows[-1].split("</tr>")[0]


def test_the_line_that_takes_all_stays_and_stays_last(admin: Desk) -> None:
    last = lines()[-1].id
    assert post(admin, f"baris/{last}/hapus") == 409
    assert post(admin, f"baris/{last}/naik") == 409
    assert lines()[-1].id == last


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"klass": "SESUATU"},
        {"klass": "COMPLAINT", "queue": "999999"},
        {"klass": "COMPLAINT", "queue": "abc"},
        {"category": "999999"},
    ],
)
def test_a_line_that_makes_no_sense_is_refused(admin: Desk, fields: dict[str, str]) -> None:
    before = len(lines())
    assert post(admin, "baris", **{"queue": queue_id("informasi"), **fields}) == 422
    assert len(lines()) == before


def test_members_are_exactly_those_that_were_ticked(app: Flask, admin: Desk) -> None:
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    health, ticket = queue_id("kesehatan"), report()
    assert post(admin, f"{health}/anggota", people=[agent.id]) == 303
    assert post(admin, f"{queue_id('pengaduan')}/anggota") == 303
    db.session.expire_all()
    mine = db.session.scalars(select(Member.queue_id).where(Member.user_id == agent.id))
    assert list(mine) == [health]
    assert agent.get(f"/laporan/{ticket.number}").status_code == 404


@pytest.mark.parametrize("people", [["abc"], ["999999"], ["9" * 40]])
def test_nonsense_among_the_members_takes_nobody_away(
    app: Flask, admin: Desk, people: list[str]
) -> None:
    Desk(app, "Rani", Role.AGENT, "pengaduan")
    common = queue_id("pengaduan")
    assert post(admin, f"{common}/anggota", people=people) == 422
    left = db.session.scalars(select(Member.user_id).where(Member.queue_id == common))
    assert len(list(left)) == 1


def joins(app: Flask, visitor: Visitor, room: str) -> bool:
    screen = socketio.test_client(app, flask_test_client=visitor.client)
    answer = screen.emit("join", {"room": room}, callback=True)
    screen.disconnect()
    return "joined" in answer


def test_screens_of_the_office_hear_of_their_own_queues(app: Flask) -> None:
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    stranger = Desk(app, "Iman", Role.AGENT, "kesehatan")
    ticket = report()
    for room in (f"queue:{ticket.queue_id}", f"ticket:{ticket.id}"):
        assert joins(app, agent, room), room
        assert not joins(app, stranger, room), room
    for room in (f"track:{ticket.id}", "queue:abc", "ticket:", "ticket:999999", "lain:1"):
        assert not joins(app, agent, room), room


def test_a_citizen_hears_of_their_own_report_and_never_of_notes(app: Flask) -> None:
    citizen = Visitor(app.test_client())
    other = report()
    citizen.report("Belum ada kabar")
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    own = other.id + 1
    assert citizen.get("/laporan-saya").status_code == 200
    assert joins(app, citizen, f"track:{own}")
    for room in (f"ticket:{own}", f"queue:{other.queue_id}", f"track:{other.id}"):
        assert not joins(app, citizen, room), room
    screen = socketio.test_client(app, flask_test_client=citizen.client)
    screen.emit("join", {"room": f"track:{own}"}, callback=True)
    desk = f"/laporan/{citizen.number()}"
    agent.send(desk, f"{desk}/catatan", text="Hanya untuk petugas.")
    assert screen.get_received() == []
    agent.send(desk, f"{desk}/jawaban", text="Sedang diurus.")
    assert [one["args"][0]["topic"] for one in screen.get_received()] == ["ticket"]
