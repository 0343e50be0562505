"""A complaint's whole way over HTTP: citizen, agent, supervisor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from accounts.rules.access import Role
from core import outbox
from core.clock import MovableClock
from core.database import db
from core.i18n import force_locale
from helpdesk.conversations import shown_files
from helpdesk.lists import counts
from helpdesk.routine import chores
from sla.sweeps import sweeper
from tests.journeys.pages import Visitor, person, picture

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def citizen(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def agent(app: Flask, clock: MovableClock) -> Visitor:
    person("Rani", "rani@kota.example", Role.AGENT, "pengaduan")
    visitor = Visitor(app.test_client())
    visitor.sign_in("rani@kota.example")
    return visitor


@pytest.fixture
def supervisor(app: Flask, clock: MovableClock) -> Visitor:
    person("Wulan", "wulan@kota.example", Role.SUPERVISOR)
    visitor = Visitor(app.test_client())
    visitor.sign_in("wulan@kota.example")
    return visitor


def test_filed_answered_resolved_reopened_and_closed(
    citizen: Visitor, agent: Visitor, clock: MovableClock
) -> None:
    sent = citizen.report("Kode bayar belum keluar\nSudah tiga hari.", name="Siti")
    assert sent.status_code == 303
    assert sent.headers["Location"] == "/lapor/terkirim"
    page = citizen.get("/lapor/terkirim").text
    # Tuesday 09.00 and 7 h 30 of office time: Wednesday 09.00.
    assert "Rabu 25 November" in page
    assert "pukul 09.00" in page
    number, kept = citizen.number(), citizen.code_and_pin()

    assert number in agent.get("/antrean").text
    desk = f"/laporan/{number}"
    assert agent.send(desk, f"{desk}/pegangan").status_code == 303
    assert agent.send(desk, f"{desk}/penerimaan", klass="COMPLAINT").status_code == 303
    clock.forward(timedelta(hours=1))
    assert agent.send(desk, f"{desk}/jawaban", text="Sedang kami urus.").status_code == 303
    assert "Sedang kami urus." in citizen.get("/laporan-saya").text
    assert agent.send(desk, f"{desk}/catatan", text="Telepon dinas dulu.").status_code == 303
    assert "Telepon dinas dulu." not in citizen.get("/laporan-saya").text
    assert agent.send(desk, f"{desk}/pertanyaan", text="Nomor berkasnya?").status_code == 303
    assert "Menunggu Anda" in citizen.get("/laporan-saya").text
    mine = "/laporan-saya"
    assert citizen.send(mine, f"{mine}/pesan", text="SIPP-2026-1").status_code == 303
    assert agent.send(desk, f"{desk}/penyelesaian", text="Sudah terbit.").status_code == 303
    assert citizen.send(mine, f"{mine}/pesan", text="Belum bisa dicetak.").status_code == 303
    assert "Dibuka kembali" in citizen.get(mine).text
    assert agent.send(desk, f"{desk}/penyelesaian", text="Sekarang bisa.").status_code == 303
    clock.forward(timedelta(days=12))
    assert chores.end_what_is_over(clock.at) == 1
    citizen.come_back(*kept)
    again = citizen.send(mine, f"{mine}/pesan", text="Ada lagi satu hal.")
    assert again.headers["Location"] == "/lapor/terkirim"
    assert citizen.number() != number


def test_a_missed_promise_is_told_and_reported(
    citizen: Visitor, supervisor: Visitor, clock: MovableClock
) -> None:
    citizen.report("Belum dijawab juga")
    number, kept = citizen.number(), citizen.code_and_pin()
    clock.forward(timedelta(days=1, minutes=5))
    sweeper.sweep(clock.at)
    for name in ("notify", "escalate"):
        outbox.drain(name)
    citizen.come_back(*kept)
    supervisor.sign_in("wulan@kota.example")
    assert "Janji ini tidak kami tepati" in citizen.get("/laporan-saya").text
    assert number in supervisor.get("/pemberitahuan").text
    report = supervisor.get("/pengawas/pelanggaran").text
    assert number in report
    assert "1 janji terlewat" in report
    rows = supervisor.get("/pengawas/pelanggaran.csv").text.splitlines()
    assert len(rows) == 2
    assert number in rows[1]
    assert rows[1].endswith(",5,5,,")  # no cause is named, none excused
    priority = db.session.execute(
        text("SELECT priority FROM tickets WHERE number = :n"), {"n": number}
    ).scalar_one()
    assert priority == "HIGH"


def test_another_device_opens_it_with_code_and_pin(app: Flask, citizen: Visitor) -> None:
    citizen.report("Milik saya")
    code, pin = citizen.code_and_pin()
    other = Visitor(app.test_client())
    assert other.get("/laporan-saya").status_code == 302
    typed = code.lower().replace("-", " ")
    assert other.send("/lacak", "/lacak", code=typed, pin=pin).status_code == 303
    assert "Milik saya" in other.get("/laporan-saya").text


def test_a_photo_travels_and_stays_between_the_two(
    app: Flask, citizen: Visitor, agent: Visitor
) -> None:
    citizen.report("Dengan foto", files=(picture(), "bukti.jpg"))
    page = citizen.get("/laporan-saya").text
    assert "bukti.jpg" in page
    link = page.split('href="/lampiran/')[1].split('"')[0]
    for visitor in (citizen, agent):
        answer = visitor.get(f"/lampiran/{link}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Visitor(app.test_client()).get(f"/lampiran/{link}").status_code == 404


def test_an_agent_of_another_queue_finds_nothing(app: Flask, citizen: Visitor) -> None:
    citizen.report("Bukan untuk semua")
    number = citizen.number()
    person("Iman", "iman@kota.example", Role.AGENT, "kesehatan")
    stranger = Visitor(app.test_client())
    stranger.sign_in("iman@kota.example")
    assert stranger.get(f"/laporan/{number}").status_code == 404
    assert number not in stranger.get("/antrean").text
    token = stranger.hidden("/akun")["csrf_token"]
    answer = stranger.client.post(
        f"/laporan/{number}/jawaban", data={"csrf_token": token, "text": "x"}
    )
    assert answer.status_code == 404


def test_of_two_who_take_it_the_second_is_told(
    app: Flask, citizen: Visitor, agent: Visitor
) -> None:
    citizen.report("Siapa cepat")
    desk = f"/laporan/{citizen.number()}"
    person("Bagas", "bagas@kota.example", Role.AGENT, "pengaduan")
    second = Visitor(app.test_client())
    second.sign_in("bagas@kota.example")
    fields = second.hidden(desk)
    assert agent.send(desk, f"{desk}/pegangan").status_code == 303
    late = second.client.post(f"{desk}/pegangan", data=fields)
    assert late.status_code == 409
    assert "baru saja mengambil" in late.text


def test_lengths_of_time_are_said_in_one_language(citizen: Visitor, clock: MovableClock) -> None:
    citizen.report("Berapa lama lagi")
    page = citizen.get("/lapor/terkirim").text
    assert "7 jam 30 menit waktu kerja lagi" in page
    assert "hours" not in page
    citizen.get("/bahasa/en?next=/")
    assert "7 hours 30 minutes of office time left" in citizen.get("/lapor/terkirim").text


@pytest.mark.parametrize("code", ["IPTM-B", "iptm-b"])
def test_the_form_knows_the_permit_whose_page_led_to_it(citizen: Visitor, code: str) -> None:
    link = "/lapor?permit_type="
    assert f'href="{link}IPTM-B"' in citizen.get("/izin/IPTM-B").text
    chosen = '<option value="permit_type:IPTM-B" selected>'
    assert chosen in citizen.get(link + code).text
    for unknown in ("TIDAK-ADA", "%00", "x" * 300):
        answer = citizen.get(link + unknown)
        assert answer.status_code == 200
        assert '<option value="permit_type:IPTM-B">' in answer.text


def test_numbers_are_written_as_the_readers_language_writes_them(app: Flask) -> None:
    for language, size, count in (("id", "1,4 MB", "1.000+"), ("en", "1.4 MB", "1,000+")):
        with app.test_request_context(), force_locale(language):
            assert shown_files.size_words(1_400_000) == size
            assert counts.words(1001) == count


def test_who_is_asked_for_money_is_led_past_the_office(citizen: Visitor) -> None:
    """The link chose no topic, so the report lay with those whom it accuses."""
    assert 'href="/lapor?topic=pungli"' in citizen.get("/").text
    form = citizen.get("/lapor?topic=pungli").text
    assert '<option value="pungli" selected>' in form
    assert citizen.get("/lapor?topic=entah").status_code == 200
