"""Administrators keep calendars: edit a draft, see what would change, publish, follow the move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.rules.access import Role
from core import clock as core_clock
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from sla.calendars import drafts, editing, ending
from sla.models import CalendarRevision, Move
from sla.recalculation import jobs, moves, publishing
from tests.integration.helpdesk.desk import Desk
from tests.integration.sla.test_policy_versions import filed, timer

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


def test_a_fresh_system_has_three_calendars_in_force(admin: Desk) -> None:
    words = page(admin, HOME)
    for name in ("Jam kantor", "Jam obrolan", "Jam loket"):
        assert name in words
    assert words.count("sama dengan yang berlaku") == 3
    assert "akhir 2030" in words


def test_the_year_says_why_a_day_is_what_it_is(admin: Desk) -> None:
    words = page(admin, f"{OFFICE}?tahun=2026")
    assert "Hari Raya Natal" in words
    assert "24 Desember 2026" in words
    assert "Ramadan" in words
    assert "19 Februari 2026: 08.00-12.00, 12.30-15.00 (Ramadan)" in words


def test_a_day_is_edited_looked_at_published_and_followed(admin: Desk, clock: MovableClock) -> None:
    ticket_id = filed()
    due = timer(ticket_id).due_at
    assert due is not None
    words = send(admin, f"{OFFICE}/hari", first="2026-12-01", kind="closed", note="Pilkada")
    assert "1 hari disimpan." in words
    assert "Pilkada" in words
    assert "Rancangan berbeda" in words
    assert timer(ticket_id).due_at == due, "nothing is promised by a draft"

    ahead = page(admin, f"{OFFICE}/pratinjau")
    assert "Dihitung tepat pada semua 1 yang terbuka." in ahead
    assert "1 Desember 2026" in ahead
    assert timer(ticket_id).due_at == due, "and looking changes nothing"

    told = send(admin, f"{OFFICE}/terbitan")
    assert "Open" not in told
    assert "Jam kantor, revisi 2" in told
    jobs.wake(core_clock.now())
    (move,) = db.session.scalars(select(Move))
    jobs.go_on(move.id)
    assert timer(ticket_id).due_at == due + timedelta(days=1)
    assert "selesai, 100%" in page(admin, f"{HOME}/perpindahan/{move.id}")
    kinds = list(db.session.scalars(select(Event.kind).where(Event.actor == f"user:{admin.id}")))
    assert "CALENDAR_EDITED" in kinds
    assert "CALENDAR_PUBLISHED" in kinds


def test_the_preview_says_what_the_move_then_does(admin: Desk, clock: MovableClock) -> None:
    ids = [filed() for _ in range(3)]
    before = [timer(i).due_at for i in ids]
    send(admin, f"{OFFICE}/hari", first="2026-11-30", last="2026-12-02", kind="closed")
    words = page(admin, f"{OFFICE}/pratinjau")
    send(admin, f"{OFFICE}/terbitan")
    for move_id in moves.waiting(core_clock.now()):
        moves.whole(move_id)
    (move,) = db.session.scalars(select(Move))
    later = f"<dd>{move.later}</dd>"
    assert move.later > 0
    assert later in words
    assert [timer(i).due_at for i in ids] != before


def test_a_range_gets_hours_of_its_own_and_gives_them_back(admin: Desk) -> None:
    fields = {"name": "Renovasi", "first": "2027-06-14", "last": "2027-06-18", "mon": "08.00-12.00"}
    assert "Renovasi" in send(admin, f"{OFFICE}/masa", **fields)
    written = drafts.written("office", core_clock.now())
    assert written["date_overrides"]["2027-06-14"] == [["08:00", "12:00"]]
    assert "2027-06-15" in written["holidays"], "a day that the span does not name is closed"
    assert "bertumpang tindih" in send(admin, f"{OFFICE}/masa", **fields)
    span = next(one for one in drafts.spans("office") if one.name == "Renovasi")
    send(admin, f"{OFFICE}/masa/{span.id}/penghapusan")
    assert "2027-06-15" not in drafts.written("office", core_clock.now())["holidays"]


def test_the_week_of_another_calendar_is_changed_and_published(admin: Desk) -> None:
    words = send(admin, HOME, name="Loket Sabtu", like="counter")
    assert "Loket Sabtu" in words
    week = {"sat": "08.00-12.00", "timezone": "Asia/Makassar"}
    send(admin, f"{HOME}/loket-sabtu/minggu", **week)
    send(admin, f"{HOME}/loket-sabtu/terbitan")
    made = publishing.newest_calendar("loket-sabtu")
    assert made is not None
    assert made.definition["week"] == {"sat": [["08:00", "12:00"]]}
    assert made.definition["holidays"] == []
    assert made.definition["timezone"] == "Asia/Makassar"


@pytest.mark.parametrize(
    ("path", "fields", "sentence"),
    [
        ("hari", {"first": "2026-13-01", "kind": "closed"}, "Isi tanggalnya."),
        ("hari", {"first": "2026-12-02", "last": "2026-12-01", "kind": "closed"}, "mendahului"),
        ("hari", {"first": "1999-12-01", "kind": "closed"}, "mencakup tahun 2024 sampai 2030"),
        ("hari", {"first": "2026-12-01", "kind": "hours"}, "Isi jamnya"),
        ("hari", {"first": "2026-12-01", "kind": "hours", "hours": "pagi"}, "bukan jam buka"),
        ("hari", {"first": "2026-12-01", "kind": "hours", "hours": "12-08"}, "sebelum mulai"),
        ("hari", {"first": "2026-12-01", "kind": "maybe"}, "Pilih hari itu"),
        ("hari", {"first": "2026-11-24", "last": "2028-11-24", "kind": "closed"}, "400 hari"),
        ("minggu", {"mon": "08.00-12.00, 11.00-13.00", "timezone": "Asia/Jakarta"}, "bertumpang"),
        ("minggu", {"mon": "08.00-12.00", "timezone": "Mars"}, "zona waktu dari daftar"),
        ("masa", {"name": " ", "first": "2027-06-14", "last": "2027-06-18"}, "Isi namanya"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence_and_nothing_is_lost(
    admin: Desk, path: str, fields: dict[str, str], sentence: str
) -> None:
    before = drafts.written("office", core_clock.now())
    words = send(admin, f"{OFFICE}/{path}", **fields)
    assert sentence in words
    assert "Tidak ada yang diubah." in words
    assert drafts.written("office", core_clock.now()) == before
    if fields.get("hours"):
        assert f'value="{fields["hours"]}"' in words


def test_a_calendar_closed_for_the_next_four_hundred_days_is_refused(
    admin: Desk, clock: MovableClock
) -> None:
    send(admin, f"{OFFICE}/hari", first="2026-11-24", last="2027-12-20", kind="closed")
    words = send(admin, f"{OFFICE}/hari", first="2027-12-21", last="2028-01-31", kind="closed")
    assert "hari ke depan; paling lama 400 hari" in words


def test_a_week_without_an_opening_is_refused_where_nothing_else_is_open(admin: Desk) -> None:
    words = send(admin, f"{HOME}/counter/minggu", timezone="Asia/Jakarta")
    assert "tidak punya jam buka lagi" in words
    send(admin, f"{OFFICE}/minggu", timezone="Asia/Jakarta")
    assert "tutup selama 7" in page(admin, OFFICE), "until Ramadan, with hours of its own"


def test_publishing_what_is_in_force_makes_no_revision(admin: Desk) -> None:
    before = len(list(db.session.scalars(select(CalendarRevision))))
    assert "Ini sudah berlaku." in send(admin, f"{OFFICE}/terbitan")
    assert len(list(db.session.scalars(select(CalendarRevision)))) == before


def test_a_calendar_of_an_older_system_is_kept_and_its_draft_says_the_same(
    clock: MovableClock,
) -> None:
    from sla import presets, seed

    years = drafts.years(core_clock.now())
    with transaction():
        was = presets.bekasi(years)
        now = drafts.written(seed.OFFICE, core_clock.now())
    for part in ("week", "timezone"):
        assert was[part] == now[part]
    assert set(was["holidays"]) == set(now["holidays"])
    open_days = {day for day in was["date_overrides"] if day not in set(was["holidays"])}
    assert {d: now["date_overrides"][d] for d in open_days} == {
        d: was["date_overrides"][d] for d in open_days
    }


def test_readiness_says_in_time_that_the_years_of_a_calendar_end(
    client: FlaskClient, clock: MovableClock
) -> None:
    def soon() -> list[str]:
        return list(client.get("/readyz").get_json().get("soon", ()))

    assert ending.for_readiness() is None
    clock.move_to(datetime(2030, 2, 1, tzinfo=UTC))
    assert "until 2030-12-31" in str(ending.for_readiness())
    assert "hanya mengenal hari libur sampai 31 Desember 2030" in str(ending.for_administrators())
    with transaction():
        editing.publish("office", "user:1")
    assert ending.for_readiness() is None
    assert ending.for_administrators() is None
    assert isinstance(soon(), list)
