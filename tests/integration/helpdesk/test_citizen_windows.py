"""How long citizens have is the office's choice; what was told stays, and the log gives it back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from core.i18n import zone
from helpdesk import requester, tickets
from helpdesk.lists import presenting
from helpdesk.models import Ticket, WindowsRow
from helpdesk.routine import chores
from helpdesk.rules.windows import days_until
from sla.proving import checking, repair
from tests.integration.helpdesk.desk import Desk, fresh, report
from tests.integration.helpdesk.test_levels_and_leave import error_of

pytestmark = pytest.mark.usefixtures("office")
PATH = "/pengaturan/waktu-warga"
DAY = timedelta(days=1)
TYPED = {
    "reply": "14",
    "reopen": "5",
    "reply_source": "Perwal Bekasi 12/2026 pasal 7",
    "reopen_source": "SOP DPMPTSP 2026",
}


@pytest.fixture
def admin(app: Flask, clock: MovableClock) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


def send(desk: Desk, do: str = "save", **more: str) -> tuple[int, str]:
    if desk.get(PATH).status_code != 200:  # the day is over
        desk.sign_in("agus@kota.example")
        desk.token = desk.hidden("/akun")["csrf_token"]
    was = re.search(r'name="was" value="(\d+)"', desk.get(PATH).text)
    assert was is not None
    fields = {"csrf_token": desk.token, "was": was.group(1), "do": do, **TYPED, **more}
    answer = desk.client.post(PATH, data=fields)
    return answer.status_code, answer.text


def choices() -> list[tuple[int, int]]:
    db.session.expire_all()
    rows = db.session.scalars(select(WindowsRow).order_by(WindowsRow.id))
    return [(row.reply, row.reopen) for row in rows]


def asked() -> Ticket:
    ticket = report()
    with transaction():
        tickets.accept(ticket.id, "user:1")
        tickets.ask(ticket.id, "Nomor berkasnya?", "user:1")
    return fresh(ticket.id)


def settled(ticket: Ticket) -> Ticket:
    with transaction():
        tickets.accept(ticket.id, "user:1")
        tickets.resolve(ticket.id, "Sudah terbit.", "user:1")
    return fresh(ticket.id)


def days(ticket: Ticket, clock: MovableClock) -> int:
    assert ticket.closes_at is not None
    return days_until(clock.at, ticket.closes_at, zone())


def test_the_page_shows_days_and_sources_and_is_reached_from_the_policies(admin: Desk) -> None:
    policies = admin.get("/pengaturan/aturan").text
    assert f'href="{PATH}"' in policies and "UU 25/2009 pasal 43" in policies
    page = admin.get(PATH).text
    assert 'name="reply" type="text" value="30"' in page
    assert 'name="reopen" type="text" value="10"' in page
    assert "SP4N-LAPOR!" in page and "Jumat, 4 Desember" in page


def test_a_choice_is_stored_with_its_sources_and_logged_with_what_was_before(admin: Desk) -> None:
    assert send(admin)[0] == 303
    assert send(admin, reply="21")[0] == 303
    assert choices() == [(14, 5), (21, 5)]
    found = db.session.scalars(select(Event).where(Event.kind == "WINDOWS_CHOSEN")).all()
    assert [event.actor for event in found] == [f"user:{admin.id}"] * 2
    assert found[0].data == {"reply": 14, "reopen": 5, "was_reply": 30, "was_reopen": 10}
    assert found[1].data["was_reply"] == 14 and "was" in found[1].data
    for page in (admin.get(PATH).text, admin.get("/pengaturan/antrean").text):
        assert "menjawab 30 → 14 hari; menyatakan keberatan 10 → 5 hari" in page
        assert "menjawab 14 → 21 hari" in page and "SOP DPMPTSP 2026" in page


def test_another_source_alone_is_a_change_and_the_same_again_is_none(admin: Desk) -> None:
    assert send(admin)[0] == send(admin)[0] == 303
    assert choices() == [(14, 5)]
    assert send(admin, reply_source="Perwal Bekasi 3/2027")[0] == 303
    assert choices() == [(14, 5), (14, 5)]
    page = admin.get(PATH).text
    assert "“Perwal Bekasi 12/2026 pasal 7” → “Perwal Bekasi 3/2027”" in page


def test_a_look_shows_the_days_to_come_beside_those_of_now_and_changes_nothing(
    admin: Desk,
) -> None:
    status, page = send(admin, do="preview")
    assert status == 200 and choices() == []
    assert "Selasa, 8 Desember" in page and "Kamis, 24 Desember" in page
    assert page.count("mulai sekarang") == 2, "fewer days are said to be fewer"
    assert 'value="14"' in page and "Perwal Bekasi 12/2026" in page
    assert "mulai sekarang" not in send(admin, do="preview", reply="31", reopen="11")[1]


@pytest.mark.parametrize("said", ["", "0", "366", "-3", "7,5", "sepuluh", "10000000", "²", "1e2"])
def test_days_that_cannot_be_are_refused_beside_the_field_and_nothing_typed_is_lost(
    admin: Desk, said: str
) -> None:
    for do in ("preview", "save"):
        for name in ("reply", "reopen"):
            status, page = send(admin, do, **{name: said})
            assert status == 422 and error_of(page, name)
            assert f'name="{name}" type="text" value="{said}"' in page
            assert "Perwal Bekasi 12/2026" in page
    assert choices() == []


@pytest.mark.parametrize("said", ["", "  ", "x" * 201, "a\u200bb\x00"])
def test_days_without_a_source_that_can_be_read_are_refused(admin: Desk, said: str) -> None:
    status, page = send(admin, reopen_source=said)
    assert status == 422 and error_of(page, "reopen_source")
    assert choices() == []


def test_of_two_who_choose_at_once_the_second_is_told(admin: Desk) -> None:
    assert send(admin)[0] == 303
    for was in ("0", "", "x", "999999999"):
        status, page = send(admin, was=was, reply="9")
        assert status == 422 and "ada yang mengubahnya" in page and 'value="9"' in page
    assert choices() == [(14, 5)]


def test_only_administrators_come_here(app: Flask, admin: Desk) -> None:
    boss = Desk(app, "Sari", Role.SUPERVISOR)
    assert boss.get(PATH).status_code == 403
    assert boss.client.post(PATH, data={"csrf_token": boss.token, **TYPED}).status_code == 403


def test_what_was_told_with_a_date_keeps_it_and_a_later_question_gets_the_new_days(
    admin: Desk, clock: MovableClock
) -> None:
    question, answer = asked(), settled(report())
    told = question.closes_at, question.remind_at, answer.closes_at
    clock.forward(DAY)
    assert send(admin)[0] == 303
    question, answer = fresh(question.id), fresh(answer.id)
    assert (question.closes_at, question.remind_at, answer.closes_at) == told
    assert days(asked(), clock) == 14
    assert days(settled(report()), clock) == 5
    clock.forward(9 * DAY)
    assert chores.end_what_is_over(clock.at) == 1, "only what was filed and settled since"
    assert fresh(answer.id).status == "RESOLVED"


def test_the_days_of_a_receipt_are_given_when_it_is_settled(
    admin: Desk, clock: MovableClock
) -> None:
    ticket = report()
    clock.forward(DAY)
    assert send(admin)[0] == 303
    assert days(settled(ticket), clock) == 10, "its receipt said ten"
    ticket = report()
    clock.forward(DAY)
    assert send(admin, reopen="20")[0] == 303
    assert days(settled(ticket), clock) == 20, "a later date is followed"


def test_a_rebuild_after_a_change_gives_the_same_dates(app: Flask, admin: Desk) -> None:
    tried = [asked(), settled(report()), report()]
    assert send(admin)[0] == 303
    tried += [asked(), settled(report()), settled(fresh(tried[2].id))]
    told = [(fresh(t.id).closes_at, fresh(t.id).remind_at) for t in tried]
    assert [wrong for _, wrong in checking.check(1)] == [[]] * len(list(checking.check(1)))
    with transaction() as session:
        session.execute(text("UPDATE tickets SET closes_at = NULL, remind_at = NULL"))
    db.session.expire_all()
    wrong = {subject for _, found in checking.check(1) for subject in found}
    assert wrong == {ticket.ref for ticket in tried}
    for subject in sorted(wrong):
        with transaction():
            assert repair.repair(subject)
    assert [(fresh(t.id).closes_at, fresh(t.id).remind_at) for t in tried] == told


def test_citizen_and_office_read_how_many_days_there_were(admin: Desk, clock: MovableClock) -> None:
    assert send(admin)[0] == 303
    ticket = asked()
    whole = presenting.history(presenting.whole_log(ticket), clock.at)
    for told in (presenting.journey(ticket, clock.at), whole):
        assert "Waktu menjawab: 14 hari kalender, sampai akhir Selasa, 8 Desember 2026." in [
            station["note"] for station in told
        ]
    with transaction():
        requester.write(ticket.id, "B-17.")
        tickets.resolve(ticket.id, "Sudah terbit.", "user:1")
    notes = [station["note"] for station in presenting.journey(fresh(ticket.id), clock.at)]
    assert (
        "Waktu menyatakan keberatan: 5 hari kalender, sampai akhir Minggu, 29 November 2026."
        in (notes)
    )


def test_a_short_window_is_reminded_of_only_when_as_many_days_are_left(
    admin: Desk, clock: MovableClock
) -> None:
    assert send(admin, reply="3")[0] == 303
    ticket = asked()
    assert ticket.closes_at is not None and ticket.remind_at == ticket.closes_at - DAY
