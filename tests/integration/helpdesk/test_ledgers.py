"""Why a date, day by day: the pages add up, and only those who may read them do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import requester, tickets
from helpdesk.models import Ticket
from tests.integration.helpdesk.desk import Desk
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")
ACTOR = "user:1"


def rows(page: str) -> list[list[str]]:
    found = re.findall(r"<tr role=\"row\"><td.*?</tr>", page, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", c) for c in re.findall(r"<td.*?</td>", r)] for r in found]


@pytest.fixture
def citizen(app: Flask, clock: MovableClock) -> Visitor:
    one = Visitor(app.test_client())
    one.report()
    return one


def test_the_citizen_reads_each_day_and_the_sum(citizen: Visitor, clock: MovableClock) -> None:
    kept = citizen.code_and_pin()
    ticket = db.session.scalars(select(Ticket)).one()
    with transaction():
        tickets.accept(ticket.id, ACTOR)
        tickets.ask(ticket.id, "Nomor berkas?", ACTOR)
    clock.forward(timedelta(days=2))
    with transaction():
        requester.write(ticket.id, "B-17.")
    with transaction():
        tickets.answer(ticket.id, "Kami periksa.", ACTOR)
    citizen.come_back(*kept)
    assert "/laporan-saya/hitungan" in citizen.get("/laporan-saya").text
    page = citizen.get("/laporan-saya/hitungan").text
    told = rows(page)
    reasons = [row[1] for row in told]
    assert reasons[0] == "hari laporan diterima tidak dihitung"
    assert reasons[1] == "tidak dihitung: menunggu Anda"
    assert "tutup" in reasons
    assert [r for r in reasons if r.startswith("hari kerja ke-")][13] == "hari kerja ke-14"
    assert "Jumlah: 14 hari kerja" in page


def test_the_office_reads_for_whom_it_waited_and_when_an_update_began(
    app: Flask, citizen: Visitor, clock: MovableClock
) -> None:
    ticket = db.session.scalars(select(Ticket)).one()
    with transaction():
        tickets.accept(ticket.id, ACTOR)
        tickets.ask(ticket.id, "Nomor berkas?", ACTOR)
    clock.forward(timedelta(days=2))
    with transaction():
        requester.write(ticket.id, "B-17.")
    with transaction():
        tickets.resolve(ticket.id, "Sudah terbit.", ACTOR)
    clock.forward(timedelta(days=5))
    with transaction():
        requester.write(ticket.id, "Belum sampai.")
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    page = agent.get(f"/laporan/{ticket.number}/hitungan").text
    reasons = {row[1] for row in rows(page)}
    assert "tidak dihitung: menunggu warga" in reasons
    assert "tidak dihitung: saat itu sudah selesai" in reasons
    assert {"hari laporan diterima tidak dihitung", "hari mulainya tidak dihitung"} <= reasons


def test_hours_add_up_in_words_for_the_citizen_and_in_seconds_for_the_office(
    app: Flask, citizen: Visitor
) -> None:
    assert "Jumlah: 7 jam 30 menit" in citizen.get("/laporan-saya/hitungan").text
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    number = citizen.number()
    assert f"/laporan/{number}/hitungan" in agent.get(f"/laporan/{number}").text
    page = agent.get(f"/laporan/{number}/hitungan").text
    assert "Jumlah: 27.000 detik" in page
    assert "Jumlah: 3 hari kerja" in page


def test_the_lines_add_up_to_the_sum_though_it_came_within_a_second(
    app: Flask, clock: MovableClock
) -> None:
    clock.forward(timedelta(hours=1, microseconds=700_001))
    one = Visitor(app.test_client())
    one.report()
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    page = agent.get(f"/laporan/{one.number()}/hitungan").text
    counted = [row[2].split()[0] for row in rows(page) if row[2].endswith("detik")]
    seconds = [int(words.replace(".", "")) for words in counted]
    assert len(seconds) == 2 and sum(seconds) == 27000


def test_where_days_are_promised_only_days_are_counted(citizen: Visitor) -> None:
    page = citizen.get("/laporan-saya/hitungan").text
    account = page[page.index("14 hari kerja, sejak") :]
    counted = [(row[1], row[2]) for row in rows(account)]
    assert counted[0] == ("hari laporan diterima tidak dihitung", "")
    assert sum(amount == "1 hari" for _, amount in counted) == 14
    assert all(amount in ("", "1 hari") for _, amount in counted)


def test_a_holiday_is_named(app: Flask, clock: MovableClock) -> None:
    clock.forward(timedelta(days=27))  # the Monday before Christmas
    one = Visitor(app.test_client())
    one.report(klass="INFORMATION")
    number = one.number()
    agent = Desk(app, "Rani", Role.AGENT, "informasi")
    reasons = {row[1] for row in rows(agent.get(f"/laporan/{number}/hitungan").text)}
    assert any("Natal" in words for words in reasons), reasons


def test_nobody_else_reads_it(app: Flask, citizen: Visitor) -> None:
    number = citizen.number()
    stranger = Visitor(app.test_client())
    assert stranger.get("/laporan-saya/hitungan").status_code in (302, 401)
    other = Desk(app, "Budi", Role.AGENT, "kesehatan")
    assert other.get(f"/laporan/{number}/hitungan").status_code == 404
