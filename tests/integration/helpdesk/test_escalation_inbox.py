"""The inbox of what climbed: who finds what there, and what they can do with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import requester, tickets
from helpdesk.escalations import leaving, naming
from helpdesk.models import Escalation, Ticket
from tests.counting import statements
from tests.integration.helpdesk.desk import Desk, bodies, report

pytestmark = pytest.mark.usefixtures("office")
EMPTY = "Tidak ada yang menunggu Anda"


def appealed(body: str = "Izin saya belum terbit.", category: str | None = None) -> Escalation:
    ticket = report(category, body)
    with transaction():
        tickets.refuse(ticket.id, "Bukan wewenang kami.", "user:1")
    with transaction():
        requester.appeal(ticket.id, "Kami keberatan.")
    return db.session.scalars(select(Escalation).order_by(Escalation.id.desc())).first()  # type: ignore[return-value]


@pytest.fixture
def boss(app: Flask, clock: MovableClock) -> Desk:
    return Desk(app, "Wulan", Role.SUPERVISOR)


def do(desk: Desk, row: Escalation, act: str, **fields: str) -> int:
    answer = desk.client.post(
        f"/eskalasi/{row.id}/{act}", data={"csrf_token": desk.token, **fields}
    )
    return answer.status_code


def test_what_climbed_waits_there_until_somebody_takes_it(app: Flask, boss: Desk) -> None:
    other = Desk(app, "Joko", Role.SUPERVISOR)
    row = appealed("Izin warung ditolak.")
    page = boss.get("/eskalasi").text
    assert "Izin warung ditolak." in page and "4 jam lagi" in page
    assert do(boss, row, "ambil") == 303
    assert "Izin warung ditolak." in boss.get("/eskalasi").text
    assert EMPTY in other.get("/eskalasi").text
    assert do(other, row, "ambil") == 409


def test_given_back_without_a_reason_nothing_happens_and_with_one_it_waits_again(
    boss: Desk,
) -> None:
    row = appealed()
    do(boss, row, "ambil")
    assert do(boss, row, "kembalikan", reason=" ") == 422
    assert do(boss, row, "kembalikan", reason="Bukan bidang saya.") == 303
    ticket = db.session.get_one(Ticket, row.ticket_id)
    assert "Bukan bidang saya." in bodies(ticket, "NOTE")
    assert "Tangani" in boss.get("/eskalasi").text


def test_settled_it_is_gone_and_the_report_goes_on(boss: Desk) -> None:
    row = appealed()
    do(boss, row, "ambil")
    assert do(boss, row, "selesai") == 303
    assert EMPTY in boss.get("/eskalasi").text
    assert do(boss, row, "selesai") == 404


def test_whoever_does_not_stand_at_its_level_neither_sees_nor_takes_it(
    app: Flask, boss: Desk
) -> None:
    leader = Desk(app, "Pim", Role.LEADER)
    row = appealed("Izin warung ditolak.")
    assert "warung" not in leader.get("/eskalasi").text
    assert do(leader, row, "ambil") == 404
    with transaction():
        naming.name(1, leader.id, "user:1")
    assert "warung" in leader.get("/eskalasi").text
    assert "warung" not in boss.get("/eskalasi").text


def test_reports_of_unofficial_levies_have_a_ladder_of_their_own(app: Flask, boss: Desk) -> None:
    inspector = Desk(app, "Ina", Role.INSPECTOR, "inspektorat")
    row = appealed("Diminta uang di loket.", "pungli")
    assert "Diminta uang" not in boss.get("/eskalasi").text
    assert do(boss, row, "ambil") == 404
    assert "Diminta uang" in inspector.get("/eskalasi").text
    assert do(inspector, row, "ambil") == 303


def test_a_substitute_finds_what_waits_before_whom_they_stand_in_for(
    app: Flask, boss: Desk, clock: MovableClock
) -> None:
    stand_in = Desk(app, "Sari", Role.LEADER)
    appealed("Izin warung ditolak.")
    with transaction():
        leaving.grant_leave(boss.id, clock.at, clock.at + timedelta(days=7), stand_in.id, "user:1")
    assert "warung" in stand_in.get("/eskalasi").text
    assert "warung" not in boss.get("/eskalasi").text


def test_the_inbox_asks_a_bounded_number_of_statements(boss: Desk) -> None:
    for _ in range(5):
        appealed()
    boss.get("/eskalasi")
    with statements() as few:
        boss.get("/eskalasi")
    for _ in range(20):
        appealed()
    with statements() as many:
        boss.get("/eskalasi")
    assert len(many) <= len(few) <= 8
