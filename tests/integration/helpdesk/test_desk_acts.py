"""Every act of the desk over HTTP: what it does, what it refuses, and that nothing is lost."""

from __future__ import annotations

import pytest
from flask import Flask

from accounts.rules.access import Role
from helpdesk.models import Ticket
from tests.integration.helpdesk.desk import WORDS, Desk, bodies, fresh, messages, queue_id, report

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def agent(app: Flask) -> Desk:
    return Desk(app, "Rani", Role.AGENT, "pengaduan")


@pytest.fixture
def ticket(agent: Desk) -> Ticket:
    """A report that the agent has accepted."""
    one = report()
    assert agent.do(one, "penerimaan", klass="COMPLAINT").status_code == 303
    return one


@pytest.mark.parametrize(
    ("act", "fields", "status", "outcome"),
    [
        ("jawaban", {"text": "Sedang diurus."}, "OPEN", None),
        ("pertanyaan", {"text": "Nomor berkasnya?"}, "PENDING", None),
        ("penyelesaian", {"text": "Sudah terbit."}, "RESOLVED", "ANSWERED"),
        ("catatan", {"text": "Telepon dinas."}, "OPEN", None),
        ("pegangan", {}, "OPEN", None),
        ("prioritas", {"priority": "URGENT"}, "OPEN", None),
        ("tunggu", {"agency": "Bapenda", "reason": "Menunggu data."}, "ON_HOLD", None),
        ("penolakan", {"text": "Bukan urusan izin."}, "RESOLVED", "REFUSED"),
        ("penerusan", {"text": "Kami teruskan."}, "RESOLVED", "FORWARDED"),
        ("spam", {}, "CLOSED", "SPAM"),
    ],
)
def test_each_act_does_what_its_button_says(
    agent: Desk, ticket: Ticket, act: str, fields: dict[str, str], status: str, outcome: str | None
) -> None:
    answer = agent.do(ticket, act, **fields)
    assert answer.status_code == 303
    now = fresh(ticket.id)
    assert (now.status, now.outcome) == (status, outcome)


def test_a_held_report_goes_on(agent: Desk, ticket: Ticket) -> None:
    agent.do(ticket, "tunggu", agency="Bapenda", reason="Menunggu data.")
    assert fresh(ticket.id).waits_for == "Bapenda"
    assert agent.do(ticket, "lanjut").status_code == 303
    assert (fresh(ticket.id).status, fresh(ticket.id).waits_for) == ("OPEN", None)


def test_a_settled_report_is_taken_up_again(agent: Desk, ticket: Ticket) -> None:
    agent.do(ticket, "penyelesaian", text="Sudah terbit.")
    assert agent.do(ticket, "pembukaan").status_code == 303
    assert (fresh(ticket.id).status, fresh(ticket.id).outcome) == ("OPEN", None)


def test_a_duplicate_names_the_other_report(agent: Desk, ticket: Ticket) -> None:
    other = report()
    assert agent.do(ticket, "duplikat", other=other.number.lower()).status_code == 303
    assert fresh(ticket.id).duplicate_of == other.id


def test_assigned_and_priority_and_class_are_kept(agent: Desk, ticket: Ticket) -> None:
    assert agent.do(ticket, "petugas", assignee=agent.id, was="").status_code == 303
    assert fresh(ticket.id).assignee_id == agent.id
    assert agent.do(ticket, "petugas", assignee="", was=agent.id).status_code == 303
    assert fresh(ticket.id).assignee_id is None
    agent.do(ticket, "prioritas", priority="HIGH")
    assert fresh(ticket.id).priority == "HIGH"


def test_a_class_is_corrected_while_accepting(agent: Desk) -> None:
    one = report()
    assert agent.do(one, "penerimaan", klass="INFORMATION").status_code == 303
    assert (fresh(one.id).ticket_class, fresh(one.id).status) == ("INFORMATION", "OPEN")


def test_whoever_moves_a_report_away_lands_where_they_may_be(agent: Desk, ticket: Ticket) -> None:
    answer = agent.do(ticket, "antrean", queue=queue_id("kesehatan"), reason="Izin klinik.")
    assert answer.status_code == 303
    assert agent.get(answer.headers["Location"]).status_code == 200
    assert fresh(ticket.id).queue_id == queue_id("kesehatan")
    assert agent.get(f"/laporan/{ticket.number}").status_code == 404


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("prioritas", {"priority": "HIGH"}),
        ("penolakan", {"text": "Bukan urusan izin."}),
        ("penerusan", {"text": "Kami teruskan.", "agency": "Dinas Kesehatan"}),
        ("spam", {}),
    ],
)
def test_a_reason_that_was_typed_stays_as_a_note(
    agent: Desk, ticket: Ticket, act: str, fields: dict[str, str]
) -> None:
    fields = {"reason": "Karena begini.", **fields}
    assert agent.do(ticket, act, **fields).status_code == 303
    notes = "\n".join(bodies(ticket, "NOTE"))
    assert "Karena begini." in notes
    assert fields.get("agency", "") in notes


def test_an_act_without_a_reason_makes_no_note(agent: Desk, ticket: Ticket) -> None:
    agent.do(ticket, "prioritas", priority="HIGH", reason="  ")
    assert bodies(ticket, "NOTE") == []


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("jawaban", {"text": "   "}),
        ("jawaban", {"text": "nul \0"}),
        ("penyelesaian", {"text": ""}),
        ("catatan", {"text": ""}),
        ("petugas", {"assignee": "abc", "was": ""}),
        ("petugas", {"assignee": "999999", "was": ""}),
        ("petugas", {"assignee": "", "was": "<script>"}),
        ("antrean", {"queue": "", "reason": "x"}),
        ("antrean", {"queue": "999999999", "reason": "x"}),
        ("antrean", {"queue": "99999999999999999999", "reason": "x"}),
        ("prioritas", {"priority": "SEKALI"}),
        ("prioritas", {"priority": "HIGH", "reason": "n" * 10_001}),
        ("tunggu", {"agency": "", "reason": "x"}),
        ("tunggu", {"agency": "n" * 121, "reason": "x"}),
        ("tunggu", {"agency": "Bapenda", "reason": ""}),
        ("duplikat", {"other": "T-2020-000001"}),
        ("duplikat", {"other": "\0"}),
        ("penolakan", {"text": ""}),
        ("penerusan", {"text": ""}),
        ("penerusan", {"text": "Kami teruskan.", "agency": "n" * 10_001}),
    ],
)
def test_what_cannot_be_done_gets_a_sentence_and_changes_nothing(
    agent: Desk, ticket: Ticket, act: str, fields: dict[str, str]
) -> None:
    before = messages(ticket)
    answer = agent.do(ticket, act, **fields)
    assert answer.status_code == 422
    assert ticket.number in answer.text
    now = fresh(ticket.id)
    assert (now.status, now.priority, now.assignee_id) == ("OPEN", "NORMAL", None)
    assert messages(ticket) == before


def test_an_answer_that_came_too_late_is_still_in_the_form(agent: Desk, ticket: Ticket) -> None:
    agent.do(ticket, "spam")
    answer = agent.do(ticket, "catatan", text="Catatan boleh.")
    assert answer.status_code == 303
    late = agent.do(ticket, "jawaban", text="Kalimat panjang yang tidak boleh hilang.")
    assert late.status_code == 409
    assert "Kalimat panjang yang tidak boleh hilang." in late.text


@pytest.mark.parametrize("act", ["penolakan", "penerusan", "tunggu"])
def test_every_act_that_came_too_late_keeps_its_words(
    agent: Desk, ticket: Ticket, act: str
) -> None:
    agent.do(ticket, "spam")
    late = agent.do(ticket, act, text="Kalimat pertama.", reason="Alasan.", agency="Bapenda")
    assert late.status_code == 409
    for words in ("Kalimat pertama.", "Alasan.", "Bapenda"):
        assert words in late.text


def test_a_report_that_is_not_read_cannot_be_named_as_the_other(
    agent: Desk, ticket: Ticket
) -> None:
    levy = report("pungli")
    refused = agent.do(ticket, "duplikat", other=levy.number)
    unknown = agent.do(ticket, "duplikat", other="T-2020-000001")
    assert refused.status_code == unknown.status_code == 422
    assert fresh(ticket.id).duplicate_of is None


def test_a_stale_form_keeps_its_words(agent: Desk, ticket: Ticket) -> None:
    answer = agent.do(ticket, "jawaban", text="Kata yang tinggal.", csrf_token="lama")
    assert answer.status_code == 422
    assert "Kata yang tinggal." in answer.text
    assert bodies(ticket, "PUBLIC") == [WORDS]


@pytest.mark.parametrize("act", ["jawaban", "penyelesaian", "penolakan", "penerusan", "catatan"])
def test_sent_twice_has_one_effect(agent: Desk, ticket: Ticket, act: str) -> None:
    fields = {"text": "Sekali saja.", "reason": "Alasan.", "key": "k" * 32}
    before = messages(ticket)
    assert agent.do(ticket, act, **fields).status_code == 303
    once = messages(ticket)
    assert agent.do(ticket, act, **fields).status_code == 303
    assert once > before
    assert messages(ticket) == once


def test_of_two_who_assign_the_second_is_told(app: Flask, agent: Desk, ticket: Ticket) -> None:
    second = Desk(app, "Bagas", Role.AGENT, "pengaduan")
    assert agent.do(ticket, "petugas", assignee=agent.id, was="").status_code == 303
    assert second.do(ticket, "petugas", assignee=second.id, was="").status_code == 409
    assert fresh(ticket.id).assignee_id == agent.id
