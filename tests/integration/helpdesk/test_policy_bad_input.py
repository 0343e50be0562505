"""Whatever is typed into a policy's form: a sentence beside its field, and nothing is lost."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from sla.models import CalendarRevision, PolicyVersion
from tests.integration.helpdesk.desk import Desk
from tests.integration.helpdesk.policy_editor import Editor

pytestmark = pytest.mark.usefixtures("office", "clock")


@pytest.fixture
def admin(app: Flask) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


def count() -> int:
    return int(db.session.execute(select(func.count()).select_from(PolicyVersion)).scalar_one())


MORE = "Target harus lebih dari nol."
WHOLE = "Isi bilangan bulat, misalnya 14."
LONG = "Target lebih dari sepuluh tahun pasti keliru."
HOURS = {"unit-UPDATE": "hours"}
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"n-UPDATE": "0"}, "n-UPDATE", MORE),
    ({"n-UPDATE": "-3"}, "n-UPDATE", MORE),
    ({"n-UPDATE": "1000000000000"}, "n-UPDATE", LONG),
    ({"n-UPDATE": "1000000000000", **HOURS}, "n-UPDATE", LONG),
    ({"n-UPDATE": "9" * 60}, "n-UPDATE", LONG),
    ({"n-UPDATE": "3,5"}, "n-UPDATE", WHOLE),
    ({"n-UPDATE": "3.5"}, "n-UPDATE", WHOLE),
    ({"n-UPDATE": "lima"}, "n-UPDATE", WHOLE),
    ({"n-UPDATE": "٣"}, "n-UPDATE", WHOLE),
    ({"n-UPDATE": "5", "clock-UPDATE": "wall"}, "n-UPDATE", "Hari kerja hanya dihitung"),
    ({"n-UPDATE": "5", "unit-UPDATE": "weeks"}, "n-UPDATE", "Pilih detik, menit"),
    ({"n-UPDATE": "5", "clock-UPDATE": "moon"}, "n-UPDATE", "Pilih detik, menit"),
    ({"calendar_key": "bulan"}, "calendar_key", "Kalender itu tidak ada."),
    ({"name": "   "}, "name", "Isi namanya."),
    ({"name": "A" * 300}, "name", "Nama paling panjang 80 huruf."),
    ({"name": "apresiasi"}, "name", "Sudah ada aturan dengan nama ini."),
    ({"name": "\u200b"}, "name", "Isi namanya."),
    ({"name": "Apresiasi\u200b"}, "name", "Ada tanda yang tidak terlihat"),
    ({"name": "\u202eAduan"}, "name", "Ada tanda yang tidak terlihat"),
    ({"name": "Aduan\0kilat"}, "name", "Ada tanda yang tidak terlihat"),
    ({"c-tag": "jalan, a\0b"}, "c-tag", "Ada tanda yang tidak terlihat"),
    ({"c-class": ["COMPLAINT", "GOSSIP"]}, "c-class", "Pilih salah satu"),
    ({"c-tag": ", ".join(f"t{n}" for n in range(21))}, "c-tag", "Paling banyak 20 kata"),
    ({"begins": "later", "date": ""}, "date", "Isi tanggalnya."),
    ({"begins": "later", "date": "besok"}, "date", "Isi tanggalnya."),
    ({"begins": "later", "date": "2026-11-23"}, "date", "Versi baru berlaku mulai sekarang"),
    ({"begins": "later", "date": "9999-12-31"}, "date", "Isi tanggal antara tahun 2000 dan 2100."),
    ({"begins": "later", "date": "2026-12-01", "time": "25:00"}, "time", "Isi jam"),
    ({"at_date": "0001-01-01"}, "at_date", "Isi tanggal antara"),
]

# What was not in the list cannot be shown as chosen.
CHOSEN = {"c-class", "unit-UPDATE", "clock-UPDATE", "calendar_key"}


@pytest.mark.parametrize(("typed", "field", "sentence"), BAD, ids=lambda v: str(v)[:40])
def test_it_is_refused_beside_its_field_and_kept(
    admin: Desk, typed: dict[str, Any], field: str, sentence: str
) -> None:
    before = count()
    editor = Editor(admin, "information/ubah").type(n__RESOLUTION="77", **typed)
    wanted = editor.fields.copy()
    for send in (editor.publish, editor.look):
        assert send().status_code == 422
        words = html.unescape(editor.text)
        assert f'id="f-{field}-error"' in words
        beside = words.split(f'id="f-{field}-error">')[1].split("</p>")[0]
        assert beside.startswith(sentence), beside
        assert 'value="77"' in words
    for name in typed.keys() - CHOSEN:
        assert editor.fields.getlist(name) == wanted.getlist(name), name
    assert count() == before


def test_a_policy_that_promises_nothing_is_refused(admin: Desk) -> None:
    editor = Editor(admin, "information/ubah")
    for name in [name for name in editor.fields if name.startswith("n-")]:
        editor.fields[name] = ""
    assert editor.look().status_code == 422
    assert 'href="#f-targets"' in editor.text


def closed(key: str, days: int, first: date) -> None:
    """A revision that is closed for so many days."""
    shut = [(first + timedelta(days=n)).isoformat() for n in range(days)]
    form = {"timezone": "Asia/Jakarta", "week": {"mon": [["08:00", "12:00"]]}, "holidays": shut}
    with transaction() as session:
        made = {"key": key, "revision": 9, "name": key, "definition": form}
        session.add(CalendarRevision(**made, made_at=db.session.scalar(select(func.now()))))


def test_a_calendar_that_is_closed_for_long_is_refused_and_for_weeks_is_said(
    admin: Desk, clock: MovableClock
) -> None:
    closed("counter", 410, clock.at.date())
    closed("chat", 30, clock.at.date())
    editor = Editor(admin, "information/ubah").type(calendar_key="counter")
    assert editor.look().status_code == 422
    assert 'id="f-calendar_key-error"' in editor.text
    assert "400" in editor.text
    assert editor.fields["calendar_key"] == "counter"
    editor.type(calendar_key="chat")
    assert editor.look().status_code == 200
    assert "kalender tutup selama" in editor.text
    assert editor.publish().status_code == 303


def test_settlement_before_the_first_answer_is_legal_but_said(admin: Desk) -> None:
    editor = Editor(admin, "information/ubah").type(n__RESOLUTION="1", unit__RESOLUTION="hours")
    editor.look()
    assert "batas penyelesaian jatuh sebelum jawaban pertama" in editor.text
    assert editor.publish().status_code == 303


def test_a_form_that_lay_open_too_long_loses_nothing(admin: Desk) -> None:
    editor = Editor(admin, "information/ubah").type(n__RESOLUTION="7")
    editor.look()
    editor.fields["csrf_token"] = "old"
    answer = editor.publish()
    assert answer.status_code in (400, 422)
    assert 'value="7"' in editor.text
