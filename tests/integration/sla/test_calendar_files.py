"""Days of a calendar come from an iCalendar file and go into one."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.database import db
from sla.models import CalendarDay
from tests.integration.helpdesk.desk import Desk

pytestmark = pytest.mark.usefixtures("office", "clock")


HOME = "/pengaturan/kalender"


OFFICE = f"{HOME}/office"


@pytest.fixture
def admin(app: Flask) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


def page(admin: Desk, path: str) -> str:
    answer = admin.client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def send(admin: Desk, path: str, **fields: object) -> str:
    """Post a form; what the answer says after a redirect."""
    data = {"csrf_token": admin.token, **fields}
    answer = admin.client.post(path, data=data, follow_redirects=True)
    assert answer.status_code in (200, 422)
    return answer.get_data(as_text=True)


def ics(*lines: str) -> bytes:
    events = "".join(f"BEGIN:VEVENT\r\n{line}\r\nEND:VEVENT\r\n" for line in lines)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()


def bring(admin: Desk, content: bytes) -> str:
    return send(admin, f"{OFFICE}/berkas", file=(io.BytesIO(content), "libur.ics"))


def test_days_come_from_an_icalendar_file_and_go_into_one(admin: Desk) -> None:
    week = "DTSTART;VALUE=DATE:20270614\r\nDTEND;VALUE=DATE:20270616\r\nSUMMARY:Libur\\, daerah"
    timed = "DTSTART:20270617T080000Z\r\nSUMMARY:Rapat"
    words = bring(admin, ics(week, timed))
    assert "2 hari ditutup oleh berkas itu." in words
    assert "1 acara yang berjam tidak diambil." in words
    notes = {row.day.isoformat(): row.note for row in db.session.scalars(select(CalendarDay))}
    assert notes == {"2027-06-14": "Libur, daerah", "2027-06-15": "Libur, daerah"}
    answer = admin.client.get(f"{OFFICE}.ics")
    assert answer.mimetype == "text/calendar"
    assert b"SUMMARY:Libur\\, daerah" in answer.data
    assert "0 hari ditutup" in bring(admin, answer.data), "what we wrote we read as the same"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"x" * 1_000_001, "lebih besar dari 1 MB"),
        (b"\xff\xfe", "bukan berkas iCalendar"),
        (b"Halo", "bukan berkas iCalendar"),
        (ics("DTSTART;VALUE=DATE:20270614\r\nRRULE:FREQ=YEARLY"), "tanpa akhir"),
        (ics("DTSTART;VALUE=DATE:20270614\r\nRRULE:FREQ=YEARLY;BYDAY=MO;COUNT=3"), "tidak dapat"),
        (ics("DTSTART;VALUE=DATE:20270614\r\nRRULE:FREQ=DAILY;COUNT=999999"), "lebih dari 2000"),
        (ics("DTSTART;VALUE=DATE:20270614\r\nDTEND;VALUE=DATE:20280801"), "lebih panjang dari 400"),
        (ics("DTSTART;VALUE=DATE:20271399"), "tanggal yang tidak dapat dibaca"),
    ],
)
def test_a_file_that_we_cannot_read_is_refused_with_a_sentence(
    admin: Desk, content: bytes, sentence: str
) -> None:
    assert sentence in bring(admin, content)
    assert list(db.session.scalars(select(CalendarDay))) == []
