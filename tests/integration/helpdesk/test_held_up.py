"""The page of what could not be carried out: shown in words, tried again, given up."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text

from accounts.rules.access import Role
from core.aside import setting
from core.database import db
from core.mails.mailbox import Mail
from core.outbox import Delivery
from tests.counting import statements
from tests.integration.helpdesk.desk import Desk
from tests.integration.helpdesk.held_up import held_up, lost_letter

pytestmark = pytest.mark.usefixtures("office")
PAGE = "/pengaturan/tertahan"


@pytest.fixture
def admin(app: Flask) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


def press(admin: Desk, path: str) -> int:
    answer = admin.client.post(f"{PAGE}/{path}", data={"csrf_token": admin.token})
    return answer.status_code


def owed(event_id: int) -> list[Delivery]:
    asked = select(Delivery).where(Delivery.event_id == event_id, Delivery.subscriber == "notify")
    return list(db.session.scalars(asked))


def test_an_empty_page_says_that_nothing_is_held_up(admin: Desk) -> None:
    page = admin.get(PAGE).text
    assert "Tidak ada yang tertahan" in page
    assert "ditangguhkan" not in page


def test_what_was_set_aside_is_shown_with_its_report_its_fault_and_its_place(admin: Desk) -> None:
    event_id = held_up("DivisionByZero 22012", "helpdesk/escalation.py:77")
    number = db.session.execute(
        text("SELECT number FROM tickets WHERE 'ticket:' || id ="
             " (SELECT subject FROM events WHERE id = :id)"),
        {"id": event_id},
    ).scalar_one()  # fmt: skip
    page = admin.get(PAGE).text
    for words in (number, "Pemberitahuan dan surat", "DivisionByZero 22012", "escalation.py:77"):
        assert words in page


def test_administrators_see_on_every_page_and_readiness_says_that_something_is_held_up(
    app: Flask, admin: Desk
) -> None:
    held_up()
    assert "1 tindak lanjut" in admin.get("/akun").text
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    assert "tindak lanjut" not in agent.get("/akun").text
    assert "1 deliveries always failed" in str(setting.for_readiness())


def test_it_goes_back_into_its_line_and_stands_in_what_was_done(admin: Desk) -> None:
    event_id = held_up()
    assert owed(event_id) == []
    assert press(admin, f"{event_id}/notify/coba") == 303
    assert [row.attempts for row in owed(event_id)] == [0]
    assert "Dicoba lagi: Pemberitahuan dan surat" in admin.get(PAGE).text
    assert press(admin, f"{event_id}/notify/coba") == 404


def test_all_of_one_sort_go_back_at_once(admin: Desk) -> None:
    ids = [held_up(), held_up(), held_up()]
    assert press(admin, "semua/notify/coba") == 303
    assert setting.count() == 0
    assert all(owed(event_id) for event_id in ids)
    assert press(admin, "semua/notify/coba") == 404


def test_given_up_is_shown_no_more(admin: Desk) -> None:
    event_id = held_up()
    assert press(admin, f"{event_id}/notify/lepas") == 303
    assert (setting.count(), owed(event_id)) == (0, [])
    assert "Dilepas: Pemberitahuan dan surat" in admin.get(PAGE).text


def test_a_lost_letter_is_sent_again_under_its_own_id(admin: Desk) -> None:
    mail_id = lost_letter("GAVE_UP", "451")
    assert "451" in admin.get(PAGE).text
    assert press(admin, f"surat/{mail_id}/coba") == 303
    mail = db.session.get_one(Mail, mail_id, populate_existing=True)
    assert (mail.state, mail.tries, mail.outcome) == ("WAITING", 0, None)
    assert press(admin, f"surat/{mail_id}/coba") == 404


def test_a_lost_letter_that_somebody_knows_of_is_listed_no_more(admin: Desk) -> None:
    mail_id = lost_letter()
    assert press(admin, f"surat/{mail_id}/lepas") == 303
    assert db.session.get_one(Mail, mail_id, populate_existing=True).state == "LEFT"
    assert f"/surat/{mail_id}/" not in admin.get(PAGE).text


def test_long_lists_are_paged_and_take_no_more_statements(
    admin: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.web.held_up.PAGE", 2)
    ids = [held_up() for _ in range(3)]
    with statements() as sent:
        first = admin.get(PAGE).text
    few = len(sent)
    assert f"/{ids[2]}/notify/coba" not in first
    assert f"setelah={ids[1]}:notify" in first.replace("%3A", ":")
    second = admin.get(f"{PAGE}?setelah={ids[1]}:notify").text
    assert f"/{ids[2]}/notify/coba" in second
    assert f"/{ids[0]}/notify/coba" not in second
    monkeypatch.setattr("helpdesk.web.held_up.PAGE", 50)
    for _ in range(10):
        held_up()
    with statements() as sent:
        admin.get(PAGE)
    assert len(sent) <= few


@pytest.mark.parametrize("odd", ["", ":", "x:y", "9" * 30, "1:" + "a" * 500, "-1:%00"])
def test_an_odd_place_in_the_list_is_its_beginning(admin: Desk, odd: str) -> None:
    held_up()
    assert admin.client.get(f"{PAGE}?setelah={odd}&sebelum={odd}").status_code == 200
