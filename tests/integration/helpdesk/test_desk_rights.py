"""Who reads and does what on the desk; what is not theirs is not there."""

from __future__ import annotations

import pytest
from flask import Flask

from accounts.rules.access import Role
from tests.integration.helpdesk.desk import Desk, fresh, messages, report
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")

ACTS = [
    "jawaban",
    "pertanyaan",
    "penyelesaian",
    "catatan",
    "pegangan",
    "petugas",
    "penerimaan",
    "antrean",
    "prioritas",
    "tunggu",
    "lanjut",
    "penolakan",
    "penerusan",
    "spam",
    "duplikat",
    "pembukaan",
]


def test_no_act_reaches_a_report_of_another_queue(app: Flask) -> None:
    stranger = Desk(app, "Iman", Role.AGENT, "kesehatan")
    ticket = report()
    before = messages(ticket)
    for act in ACTS:
        answer = stranger.do(ticket, act, text="x", reason="x", priority="HIGH", agency="x")
        assert answer.status_code == 404, act
    assert messages(ticket) == before
    assert (fresh(ticket.id).status, fresh(ticket.id).assignee_id) == ("NEW", None)


def test_neither_page_nor_new_lines_of_another_queue_are_there(app: Flask) -> None:
    stranger = Desk(app, "Iman", Role.AGENT, "kesehatan")
    ticket = report()
    for path in (f"/laporan/{ticket.number}", f"/laporan/{ticket.number}/pesan"):
        assert stranger.get(path).status_code == 404
    assert ticket.number not in stranger.get("/antrean").text
    assert stranger.get(f"/antrean?antrean={ticket.queue_id}").status_code == 422
    assert stranger.get(f"/antrean/baris?antrean={ticket.queue_id}").status_code == 422
    assert stranger.get(f"/antrean/baru?antrean={ticket.queue_id}&sejak=0").status_code == 422
    assert stranger.newer("semua", 0) == 0


def test_a_supervisor_sees_every_queue_but_the_inspectorates(app: Flask) -> None:
    supervisor = Desk(app, "Wulan", Role.SUPERVISOR)
    common, levy = report(), report("pungli")
    assert supervisor.get(f"/laporan/{common.number}").status_code == 200
    assert supervisor.get(f"/laporan/{levy.number}").status_code == 404
    assert levy.number not in supervisor.get("/antrean").text
    inspector = Desk(app, "Nanda", Role.INSPECTOR, "inspektorat")
    assert inspector.get(f"/laporan/{levy.number}").status_code == 200
    assert inspector.get(f"/laporan/{common.number}").status_code == 404


def test_an_administrator_reads_nothing_by_office(app: Flask) -> None:
    admin = Desk(app, "Agus", Role.ADMIN)
    ticket = report()
    assert admin.get(f"/laporan/{ticket.number}").status_code == 403
    assert admin.do(ticket, "jawaban", text="x").status_code == 403
    assert admin.get("/antrean").status_code == 403


def test_a_note_never_reaches_the_citizen(app: Flask) -> None:
    citizen = Visitor(app.test_client())
    citizen.report("Belum ada kabar")
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    number = citizen.number()
    desk = f"/laporan/{number}"
    agent.send(desk, f"{desk}/penerimaan", klass="COMPLAINT")
    secret = "Hanya untuk mata petugas."
    assert agent.send(desk, f"{desk}/catatan", text=secret).status_code == 303
    assert agent.send(desk, f"{desk}/tunggu", agency="Bapenda", reason=secret).status_code == 303
    assert secret in agent.get(desk).text
    for path in ("/laporan-saya", "/laporan-saya/pesan?sesudah=0", "/lapor/terkirim"):
        assert secret not in citizen.get(path).text, path
