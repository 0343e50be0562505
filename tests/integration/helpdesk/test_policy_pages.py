"""Administrators keep policies: write a version, see what it would do, publish it, move, retire."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db
from core.events import Event
from sla.models import Move, PolicyVersion
from sla.policies import order
from tests.integration.helpdesk.desk import Desk
from tests.integration.helpdesk.policy_editor import PAGE, Editor
from tests.integration.sla.test_policy_versions import carry_on, filed, timer, version

pytestmark = pytest.mark.usefixtures("office", "clock")


@pytest.fixture
def admin(app: Flask) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


def page(admin: Desk, path: str = "") -> str:
    answer = admin.client.get(f"{PAGE}{path}")
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def send(admin: Desk, path: str, **fields: object) -> str:
    data = {"csrf_token": admin.token, **fields}
    answer = admin.client.post(f"{PAGE}{path}", data=data, follow_redirects=True)
    assert answer.status_code in (200, 409, 422)
    return answer.get_data(as_text=True)


def versions(key: str) -> list[PolicyVersion]:
    db.session.commit()  # what was read before is of that moment
    wanted = select(PolicyVersion).where(PolicyVersion.key == key)
    return list(db.session.scalars(wanted.order_by(PolicyVersion.version)))


def test_a_version_is_looked_at_before_it_holds_and_the_one_before_stays(admin: Desk) -> None:
    before = filed()
    editor = Editor(admin, "ordinary/ubah").type(n__RESOLUTION="10", name="Pengaduan biasa")
    assert editor.look().status_code == 200
    for words in ("Pengaduan, saran, dan lainnya", "Pengaduan biasa", "14 hari kerja"):
        assert words in editor.text
    assert "<b>10 hari kerja</b>" in editor.text
    assert "Selasa, 8 Desember 2026 pukul 16.00" in editor.text
    assert "hari kerja ke-10" in editor.text, "the account of days is there"
    assert len(versions("ordinary")) == 1, "looking changes nothing"
    assert editor.publish().status_code == 303
    old, new = versions("ordinary")
    assert (old.targets["RESOLUTION"]["n"], new.targets["RESOLUTION"]["n"]) == (14, 10)
    assert (old.steps, old.position) == (new.steps, new.position)
    assert version(before) == old.id
    assert version(filed()) == new.id


def test_what_is_open_moves_only_if_that_is_asked_for_and_was_seen(
    admin: Desk, clock: MovableClock
) -> None:
    ids = [filed(), filed()]
    due = timer(ids[0]).due_at
    clock.forward(timedelta(hours=1))
    editor = Editor(admin, "ordinary/ubah").type(n__RESOLUTION="10", n__UPDATE="", open="1")
    editor.look()
    assert "Dihitung tepat pada semua 2 yang terbuka." in editor.text
    assert "Tanggal yang menjadi lebih cepat" in editor.text
    assert db.session.scalars(select(Move)).all() == []
    answer = editor.publish()
    assert "/perpindahan/" in answer.headers["Location"]
    assert "versi 2" in admin.get(answer.headers["Location"]).text
    carry_on()
    assert due is not None and timer(ids[0]).due_at == due - timedelta(days=6)


def test_promises_that_a_version_lacks_are_counted_before_they_end(
    admin: Desk, clock: MovableClock
) -> None:
    filed()
    clock.forward(timedelta(hours=1))
    editor = Editor(admin, "ordinary/ubah").type(n__VERIFICATION="", open="1")
    editor.look()
    shown = editor.text.split("Janji yang berakhir")[1].split("</div>")[0]
    assert ">1<" in shown


def test_only_what_was_looked_at_is_published(admin: Desk) -> None:
    editor = Editor(admin, "ordinary/ubah").type(n__RESOLUTION="10")
    assert editor.publish().status_code == 422
    assert "Isinya berbeda dari yang tadi Anda lihat" in editor.text
    editor.look()
    editor.type(n__RESOLUTION="11")
    assert editor.publish().status_code == 422
    assert 'value="11"' in editor.text and "<b>11 hari kerja</b>" in editor.text
    editor.look()
    editor.look()
    assert editor.publish().status_code == 303
    assert versions("ordinary")[-1].targets["RESOLUTION"]["n"] == 11


def test_of_two_who_change_a_policy_at_once_the_second_looks_again(admin: Desk) -> None:
    one = Editor(admin, "ordinary/ubah").type(n__RESOLUTION="10")
    two = Editor(admin, "ordinary/ubah").type(n__RESOLUTION="20")
    two.look()
    one.save()
    assert two.publish().status_code == 422
    assert "Sementara itu versi 2 sudah diterbitkan" in two.text
    assert "<b>20 hari kerja</b>" in two.text and "10 hari kerja" in two.text
    two.look()
    assert two.publish().status_code == 303
    assert [v.targets["RESOLUTION"]["n"] for v in versions("ordinary")] == [14, 10, 20]


def test_what_differs_in_nothing_is_no_version(admin: Desk) -> None:
    editor = Editor(admin, "ordinary/ubah")
    editor.look()
    assert "Tidak ada yang berbeda dari versi 1." in editor.text
    assert "/terbitan" not in editor.text
    assert editor.publish().status_code == 422
    assert len(versions("ordinary")) == 1


def test_a_version_of_a_later_date_waits_and_may_be_replaced(
    admin: Desk, clock: MovableClock
) -> None:
    later = {"begins": "later", "date": "2026-12-01", "time": "07:30"}
    Editor(admin, "ordinary/ubah").type(n__RESOLUTION="20", **later).save()
    assert "menunggu tanggalnya" in page(admin)
    assert "sampai saat itu versi sebelumnya yang berlaku" in page(admin, "/ordinary")
    assert version(filed()) == versions("ordinary")[0].id
    again = Editor(admin, "ordinary/ubah")
    assert "Versi 2 menunggu Selasa, 1 Desember 2026 pukul 07.30" in again.text
    assert (again.fields["date"], again.fields["time"]) == ("2026-12-01", "07:30")
    again.type(n__RESOLUTION="30", begins="now", date=None, time=None).save()
    assert len(versions("ordinary")) == 3
    db.session.commit()
    clock.forward(timedelta(days=8))
    assert version(filed()) == versions("ordinary")[2].id
    assert order.find("ordinary").targets["RESOLUTION"]["n"] == 30


def test_a_new_policy_is_tried_first_and_has_a_word_of_its_own(admin: Desk) -> None:
    editor = Editor(admin, "baru").type(name="  Izin   lama ", **{"c-class": ["COMPLAINT"]})
    editor.look()
    assert "Aturan yang sebelumnya tidak ada." in editor.text
    assert 'name="open"' not in editor.text
    assert editor.publish().status_code == 303
    row = order.latest()[0]
    assert (row.key, row.name, row.conditions) == (
        "izin-lama", "Izin lama", {"class": ["COMPLAINT"]},
    )  # fmt: skip
    assert version(filed()) == row.id
    for name in ("Baru", "Jatuh tempo", "☂"):
        Editor(admin, "baru").type(name=name).save()
    assert {"baru-2", "jatuh-tempo-2", "aturan"} <= {r.key for r in order.latest()}


def test_policies_are_moved_by_buttons_and_the_last_one_has_none(admin: Desk) -> None:
    keys = [row.key for row in order.latest()]
    send(admin, "/information/urutan", place="1")
    assert order.latest()[0].key == "information"
    most = len(keys) - 1
    assert f"Isi urutan dari 1 sampai {most}." in send(
        admin, "/information/urutan", place=str(most + 1)
    )
    send(admin, "/ordinary/urutan", place="1")
    send(admin, "/ordinary/akhir")
    assert order.latest()[-1].key == "ordinary"
    words = page(admin)
    assert f'action="{PAGE}/ordinary/' not in words
    assert f"Permintaan informasi: dari urutan {keys.index('information') + 1} ke 1" in words
    assert "/ordinary/akhir" not in page(admin, "/ordinary")
    editor = Editor(admin, "ordinary/ubah")
    assert "c-class" not in editor.text
    editor.type(**{"c-class": ["COMPLAINT"], "n-RESOLUTION": "9"}).save()
    assert versions("ordinary")[-1].conditions == {}


def test_a_retired_policy_is_listed_apart_and_comes_back_by_a_version(
    admin: Desk, clock: MovableClock
) -> None:
    clock.forward(timedelta(minutes=1))
    assert "Dihentikan. Janji yang sudah diberikan tetap berlaku." in send(
        admin, "/information/akhir"
    )
    assert "information" not in {row.key for row in order.latest()}
    assert "Permintaan informasi: dihentikan" in page(admin)
    assert "Pakai lagi dengan versi baru" in page(admin, "/information")
    clock.forward(timedelta(minutes=1))
    assert Editor(admin, "information/ubah").save().status_code == 303
    assert "information" in {row.key for row in order.latest()}
    assert "Keadaan: dihentikan → dipakai" in page(admin, "/information")


def test_every_change_stands_in_the_log_with_before_and_after(admin: Desk) -> None:
    Editor(admin, "ordinary/ubah").type(n__RESOLUTION="10", hold="1").save()
    event = db.session.scalars(select(Event).where(Event.kind == "POLICY_PUBLISHED")).one()
    old, new = versions("ordinary")
    assert (event.subject, event.actor) == (f"policy:{new.id}", f"user:{admin.id}")
    assert event.data == {"version": 2, "was": old.id, "for_open": 0}
    for words in (page(admin), page(admin, "/ordinary"), admin.get("/pengaturan/antrean").text):
        assert "versi 2: Penyelesaian: 14 hari kerja → 10 hari kerja" in words
        assert "waktu berjalan terus → waktu penyelesaian berhenti" in words


def test_the_dates_are_worked_out_for_what_is_typed_so_far(admin: Desk) -> None:
    asked = (
        "calendar_key=office&n-RESOLUTION=1&unit-RESOLUTION=days&at_date=2026-11-28&at_time=10.00"
    )
    words = page(admin, f"/jatuh-tempo?{asked}&n-UPDATE=3,5")
    assert "Rabu, 25 November 2026 pukul 16.00" in words
    assert "Selasa, 1 Desember 2026 pukul 16.00" in words
    assert "belum dapat dibaca" in words
    assert "<html" not in words
    for odd in ("calendar_key=x&n-UPDATE=1", "", "calendar_key=office&n-UPDATE=2500", "at_date=x"):
        page(admin, f"/jatuh-tempo?{odd}")
