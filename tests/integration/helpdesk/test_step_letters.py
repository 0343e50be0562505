"""Mails about steps of ladders: to whom, in which words, and many of them as one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from accounts.models import User
from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from core.mails.mailbox import WRITERS
from helpdesk import tickets
from helpdesk.models import Escalation, Notice, Ticket
from tests.integration.helpdesk.desk import Desk, report
from tests.integration.helpdesk.step_mails import WARN, mails, words_of, work, written
from tests.integration.helpdesk.test_steps_of_ladders import ladder, step
from tests.journeys.pages import person

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def boss(clock: MovableClock) -> int:
    return person("Wulan", "wulan@kota.example", Role.SUPERVISOR)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_step_is_mailed_to_whom_it_names_in_their_language(
    clock: MovableClock, boss: int, language: str
) -> None:
    ladder(WARN)
    with transaction() as session:
        session.execute(update(User).values(locale=language))
    ticket = report()
    work(clock, ticket)
    (mail,) = mails(boss)
    letter = written(mail)
    assert ticket.number in letter.subject and "75%" in letter.text.replace(" %", "%")
    assert f"/laporan/{ticket.number}" in letter.text
    assert ("sebelum waktunya" in letter.text) == (language == "id")
    page = words_of(letter.html)
    assert all(" ".join(line.split()) in page for line in letter.text.split(": ")[0].splitlines())


def test_a_report_before_a_level_is_mailed_to_who_stands_there(
    clock: MovableClock, boss: int
) -> None:
    ladder(step("a1h", {"do": "level", "n": 1}))
    ticket = report()
    work(clock, ticket, timedelta(days=1))
    (mail,) = [m for m in mails(boss) if m.kind == "escalated"]
    letter = written(mail)
    assert ticket.number in letter.subject and "/eskalasi" in letter.text
    with transaction() as session:
        session.execute(update(Escalation).values(taken_by=boss))
    assert WRITERS["escalated"](mail) is None, "it was taken up meanwhile"


def test_a_warning_of_what_was_done_meanwhile_is_not_sent(clock: MovableClock, boss: int) -> None:
    ladder(WARN)
    ticket = report()
    work(clock, ticket)
    (mail,) = mails(boss)
    with transaction():
        tickets.answer(ticket.id, "Sedang kami periksa.", f"user:{boss}")
    db.session.expire_all()
    assert WRITERS["stepped"](mail) is None


def test_who_wants_no_mails_gets_none_and_reads_it_on_screen(
    clock: MovableClock, boss: int
) -> None:
    ladder(WARN)
    with transaction() as session:
        session.execute(update(User).values(letters=False))
    work(clock, report())
    assert mails(boss) == []
    assert db.session.scalar(select(func.count(Notice.id)).where(Notice.user_id == boss)) == 1


def test_the_page_of_notices_shows_steps_and_levels_in_words(
    app: Flask, clock: MovableClock
) -> None:
    desk = Desk(app, "Sari", Role.SUPERVISOR)
    ladder(WARN, step("a1h", {"do": "notify", "to": "SUPERVISOR"}, {"do": "level", "n": 1}))
    ticket = report()
    work(clock, ticket)
    desk.sign_in("sari@kota.example")
    assert "75% waktu terpakai" in desk.get("/pemberitahuan").text
    work(clock, ticket, timedelta(days=1))
    desk.sign_in("sari@kota.example")
    page = desk.get("/pemberitahuan").text
    assert "1 jam sesudah jatuh tempo" in page and "Dibawa ke jenjang 1" in page


def test_a_leader_reads_that_something_waits_though_not_what_it_says(
    app: Flask, clock: MovableClock
) -> None:
    leader = Desk(app, "Pim", Role.LEADER)
    ladder(step("a1h", {"do": "level", "n": 2}))
    ticket = report(body="Rahasia dagang saya.")
    work(clock, ticket, timedelta(days=1))
    leader.sign_in("pim@kota.example")
    page = leader.get("/pemberitahuan").text
    assert "Menunggu di jenjang Anda" in page and "Rahasia dagang" not in page


def test_who_stands_at_a_level_no_more_is_not_mailed_what_waits_there(
    clock: MovableClock, boss: int
) -> None:
    ladder(step("75", {"do": "level", "n": 1}))
    ticket = report()
    work(clock, ticket)
    (mail,) = [mail for mail in mails(boss) if mail.kind == "escalated"]
    assert WRITERS[mail.kind](mail) is not None
    with transaction():  # now others are asked about it
        db.session.execute(update(Ticket).values(confidential=True))
    inspector = person("Iman", "iman@kota.example", Role.INSPECTOR)
    assert inspector != boss
    db.session.expire_all()
    assert WRITERS[mail.kind](mail) is None
