"""Names and remarks of calendars: what cannot be kept is said beside its field, and stays typed."""

from __future__ import annotations

import html

import pytest
from flask import Flask

from accounts.rules.access import Role
from core.database import db
from helpdesk.setup import rooms
from sla.calendars import drafts, ical
from tests.integration.helpdesk.desk import Desk

pytestmark = pytest.mark.usefixtures("office", "clock")

HOME = "/pengaturan/kalender"
UNSEEN = "Ada tanda yang tidak terlihat di sini"
LONG = "huruf"
FORMS = {
    "name of a calendar": (HOME, "name", {"like": "office"}),
    "name of days": (f"{HOME}/office/masa", "name", {"first": "2027-06-15", "last": "2027-06-16"}),
    "remark": (f"{HOME}/office/hari", "note", {"first": "2027-06-15", "kind": "closed"}),
}
ODD = {
    "NUL": "Buka\0bersama",
    "reads backwards": "Buka \u202eamasreb",
    "invisible": "Buka\u200b",
    "long": "Buka bersama " * 80_000,
}


@pytest.fixture
def admin(app: Flask) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


@pytest.mark.parametrize("where", FORMS)
@pytest.mark.parametrize("odd", ODD)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    where: str, odd: str, admin: Desk
) -> None:
    path, field, more = FORMS[where]
    before = drafts.plan("office"), len(drafts.all_of())
    data = {"csrf_token": admin.token, **more, field: ODD[odd]}
    answer = admin.client.post(path, data=data)
    words = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert (LONG if odd == "long" else UNSEEN) in html.unescape(words)
    assert all(f'value="{value}"' in words for value in more.values() if value.startswith("20"))
    db.session.expire_all()
    assert (drafts.plan("office"), len(drafts.all_of())) == before


@pytest.mark.parametrize("like", ["", "x\0", "nirgends"])
def test_a_calendar_is_like_one_of_those_that_there_are(like: str, admin: Desk) -> None:
    data = {"csrf_token": admin.token, "name": "Sabtu", "like": like}
    answer = admin.client.post(HOME, data=data)
    assert answer.status_code == 422
    assert 'value="Sabtu"' in answer.get_data(as_text=True)


def test_a_names_file_may_hold_any_sign_and_keeps_those_that_are_seen(admin: Desk) -> None:
    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART;VALUE=DATE:20270301"]
    lines += ["SUMMARY:Cuti\0 \u202ebersama\x07 ", "END:VEVENT", "END:VCALENDAR"]
    (name,) = ical.read("\r\n".join(lines).encode()).days.values()
    assert name == "Cuti bersama"


def test_the_year_to_go_back_to_is_a_year(admin: Desk) -> None:
    data = {"csrf_token": admin.token, "first": "2027-06-15", "kind": "closed", "tahun": "9" * 9000}
    answer = admin.client.post(f"{HOME}/office/hari", data=data)
    assert answer.status_code == 303
    assert len(answer.headers["Location"]) < 100


def test_a_calendar_that_no_database_stores_is_none_of_those_listed(admin: Desk) -> None:
    edit = admin.hidden("/pengaturan/aturan/ordinary/ubah")
    data = {**edit, "calendar_key": "office\0", "name": "Biasa", "n-RESOLUTION": "9"}
    data |= {"unit-RESOLUTION": "days", "begins": "now"}
    answer = admin.client.post("/pengaturan/aturan/ordinary/pratinjau", data=data)
    assert answer.status_code == 422


@pytest.mark.parametrize("category", ["x\0", "-1", "9" * 30, "\u0661"])
def test_what_is_no_topic_makes_no_line_for_all_topics(category: str, admin: Desk) -> None:
    before = len(rooms.routes())
    data = {"csrf_token": admin.token, "klass": "COMPLAINT", "category": category, "queue": "1"}
    assert admin.client.post("/pengaturan/antrean/baris", data=data).status_code == 422
    db.session.expire_all()
    assert len(rooms.routes()) == before
