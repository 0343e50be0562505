"""The pages of levels and leave: who is asked now, and what is refused beside which field."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db
from core.events import Event
from helpdesk.escalations import levels
from helpdesk.models import LeaveRow, LevelPerson
from tests.integration.helpdesk.desk import Desk
from tests.journeys.pages import person

pytestmark = pytest.mark.usefixtures("office")
LEVELS, LEAVE = "/pengaturan/jenjang", "/pengaturan/cuti"


@pytest.fixture
def admin(app: Flask, clock: MovableClock) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


@pytest.fixture
def wulan(clock: MovableClock) -> int:
    return person("Wulan", "wulan@kota.example", Role.SUPERVISOR)


def send(desk: Desk, path: str, **fields: object) -> tuple[int, str]:
    answer = desk.client.post(path, data={"csrf_token": desk.token, **fields})
    return answer.status_code, answer.text


def error_of(page: str, field: str, prefix: str = "f") -> str:
    found = re.search(rf'id="{prefix}-{field}-error">([^<]*)<', page)
    return found.group(1) if found else ""


def line() -> int:
    return db.session.scalars(select(LevelPerson.id).order_by(LevelPerson.id.desc())).first() or 0


def history(kind: str) -> dict[str, object]:
    found = select(Event).where(Event.kind == kind).order_by(Event.id.desc())
    return dict(db.session.scalars(found.limit(1)).one().data)


def test_without_anybody_named_the_usual_roles_are_asked(admin: Desk, wulan: int) -> None:
    page = admin.get(LEVELS).text
    assert "Wulan" in page and "belum ada yang ditunjuk, jadi: Pengawas" in page
    assert "Jenjang 4" in page, "higher levels can be chosen, though nobody stands there yet"


def test_somebody_is_put_at_a_level_gets_another_turn_and_is_taken_off(
    admin: Desk, wulan: int, clock: MovableClock
) -> None:
    assert send(admin, LEVELS, level=5, person=wulan)[0] == 303
    assert levels.people_of(5, clock.at) == [wulan]
    page = admin.get(LEVELS).text
    assert "dihubungi sekarang" in page and "selalu" in page
    assert send(admin, f"{LEVELS}/{line()}", since="2026-12-01T07:30", until="")[0] == 303
    said = history("LEVEL_TURNED")
    assert said["since"] == "2026-12-01T00:30:00.000000Z" and "was_since" not in said
    assert send(admin, f"{LEVELS}/{line()}", since="2026-12-02T07:30")[0] == 303
    assert history("LEVEL_TURNED")["was_since"] == "2026-12-01T00:30:00.000000Z"
    assert send(admin, f"{LEVELS}/{line()}/lepas")[0] == 303
    assert history("LEVEL_LEFT")["since"] == "2026-12-02T00:30:00.000000Z"
    assert send(admin, f"{LEVELS}/{line() or 1}/lepas")[0] == 404
    told = admin.get("/pengaturan/antrean").text
    assert "Wulan tidak lagi ada di jenjang 5" in told and "sebelumnya mulai Selasa" in told


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"level": "0"}, "level"),
        ({"level": "10"}, "level"),
        ({"level": "satu"}, "level"),
        ({"person": ""}, "person"),
        ({"person": "999999"}, "person"),
        ({"person": "99999999999999999999"}, "person"),
        ({"way": "sideways"}, "way"),
        ({"since": "besok"}, "since"),
        ({"since": "9999-12-31T23:59"}, "since"),
        ({"since": "2026-12-02T07:30", "until": "2026-12-01T07:30"}, "until"),
        ({"until": "2026-11-23T07:30"}, "until"),
    ],
)
def test_a_wrong_line_is_refused_beside_its_field_and_nothing_typed_is_lost(
    admin: Desk, wulan: int, fields: dict[str, str], wrong: str
) -> None:
    typed = {"level": "2", "person": str(wulan), "way": "apart", "since": "2026-12-01T07:30"}
    status, page = send(admin, LEVELS, **{**typed, **fields})
    assert status == 422 and error_of(page, wrong), page[:200]
    assert "2026-12-01T07:30" in page or "since" in fields
    assert db.session.scalars(select(LevelPerson)).all() == []


def test_nobody_stands_twice_at_one_level_at_a_time(admin: Desk, wulan: int) -> None:
    send(admin, LEVELS, level=1, person=wulan, until="2026-12-01T07:30")
    assert send(admin, LEVELS, level=1, person=wulan, since="2026-12-01T07:30")[0] == 303
    status, page = send(admin, LEVELS, level=1, person=wulan)
    assert status == 422 and error_of(page, "since") == (
        "Orang ini sudah ada di jenjang ini pada waktu itu."
    )
    status, page = send(admin, f"{LEVELS}/{line()}", since="")
    assert status == 422 and error_of(page, "since", f"line{line()}")


def test_a_turn_says_who_is_asked_now(admin: Desk, wulan: int, clock: MovableClock) -> None:
    night = person("Malam", "malam@kota.example", Role.SUPERVISOR)
    send(admin, LEVELS, level=1, person=wulan, until="2026-11-24T16:00")
    send(admin, LEVELS, level=1, person=night, since="2026-11-24T16:00")
    assert levels.people_of(1, clock.at) == [wulan]
    assert levels.people_of(1, clock.at + timedelta(hours=7)) == [night]


def test_everybody_enters_their_own_leave_and_nobody_elses(
    app: Flask, admin: Desk, wulan: int, clock: MovableClock
) -> None:
    rani = Desk(app, "Rani", Role.AGENT)
    assert (
        "Rani"
        not in re.sub(r"<summary>.*?</summary>", "", rani.get(LEAVE).text)
        .split("<form class")[0]
        .split("<main")[1]
    )
    days = {"first": "2026-12-01", "last": "2026-12-03"}
    assert send(rani, LEAVE, person=wulan, substitute=wulan, **days)[0] == 303
    row = db.session.scalars(select(LeaveRow)).one()
    assert (row.user_id, row.substitute_id) == (rani.id, wulan), "her own, whatever she sent"
    assert row.since.isoformat() == "2026-11-30T17:00:00+00:00"
    assert row.until.isoformat() == "2026-12-03T17:00:00+00:00"
    page = rani.get(LEAVE).text
    assert "1 Desember 2026" in page and "3 Desember 2026" in page
    budi = Desk(app, "Budi", Role.AGENT)
    assert "1 Desember 2026" not in budi.get(LEAVE).text
    assert send(budi, f"{LEAVE}/{row.id}/akhiri")[0] == 404
    assert "1 Desember 2026" in admin.get(LEAVE).text
    assert send(rani, f"{LEAVE}/{row.id}/akhiri")[0] == 303
    assert history("LEAVE_ENDED")["substitute"] == f"user:{wulan}"
    told = admin.get("/pengaturan/antrean").text
    assert "Rani cuti 1 Desember 2026 sampai 3 Desember 2026, pengganti: Wulan" in told


@pytest.mark.parametrize(
    ("fields", "wrong", "sentence"),
    [
        ({"last": "2026-11-30"}, "last", "Cuti berakhir sesudah mulai."),
        ({"first": "2026-11-20", "last": "2026-11-23"}, "last", "Cuti ini sudah lewat."),
        ({"first": ""}, "first", "Silakan isi tanggal, misalnya 2026-12-01."),
        ({"last": "31 Desember"}, "last", "Silakan isi tanggal, misalnya 2026-12-01."),
        ({"substitute": "999999"}, "substitute", "Silakan pilih orang dari daftar."),
        ({"substitute": "Sari"}, "substitute", "Silakan pilih orang dari daftar."),
        ({"person": "0"}, "person", "Silakan pilih orang dari daftar."),
    ],
)
def test_leave_that_cannot_be_is_refused_beside_its_field(
    admin: Desk, wulan: int, fields: dict[str, str], wrong: str, sentence: str
) -> None:
    typed = {"person": str(wulan), "first": "2026-12-01", "last": "2026-12-03"}
    status, page = send(admin, LEAVE, **{**typed, **fields})
    assert (status, error_of(page, wrong)) == (422, sentence)
    assert fields.get("first", "2026-12-01") in page
    assert db.session.scalars(select(LeaveRow)).all() == []


def test_overlaps_and_substitutes_in_a_circle_are_refused(
    admin: Desk, wulan: int, clock: MovableClock
) -> None:
    sari = person("Sari", "sari@kota.example", Role.SUPERVISOR)
    days = {"first": "2026-12-01", "last": "2026-12-03"}
    assert send(admin, LEAVE, person=wulan, substitute=sari, **days)[0] == 303
    page = send(admin, LEAVE, person=wulan, first="2026-12-03", last="2026-12-05")[1]
    assert error_of(page, "first") == "Orang ini sudah tercatat cuti pada waktu itu."
    assert send(admin, LEAVE, person=wulan, first="2026-12-04", last="2026-12-05")[0] == 303
    page = send(admin, LEAVE, person=sari, substitute=wulan, **days)[1]
    assert error_of(page, "substitute").startswith("Para pengganti ini saling menggantikan")
    page = send(admin, LEAVE, person=sari, substitute=sari, **days)[1]
    assert error_of(page, "substitute")
    later = {"first": "2026-12-10", "last": "2026-12-11"}
    assert send(admin, LEAVE, person=sari, substitute=wulan, **later)[0] == 303


def test_while_somebody_is_away_the_page_shows_who_is_asked_in_their_place(
    admin: Desk, wulan: int, clock: MovableClock
) -> None:
    sari = person("Sari", "sari@kota.example", Role.LEADER)
    send(admin, LEVELS, level=1, person=wulan)
    send(admin, LEAVE, person=wulan, substitute=sari, first="2026-11-24", last="2026-11-25")
    assert levels.people_of(1, datetime.fromisoformat("2026-11-25T16:59:59+00:00")) == [sari]
    assert levels.people_of(1, datetime.fromisoformat("2026-11-25T17:00:00+00:00")) == [wulan]
    rung = re.search(r'<span class="lvl">1: [^<]*</span><span>([^<]*)<', admin.get(LEVELS).text)
    assert rung is not None and rung.group(1) == "Sari"
