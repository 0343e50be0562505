"""Changes of the set-up: each leaves its event, and two administrators at once both get through."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import prepare
from accounts.rules.access import Role
from core.database import db, transaction
from core.events import Event
from helpdesk.models import Member
from helpdesk.setup import members, setup_kinds
from tests.integration.helpdesk.desk import Desk, queue_id
from tests.integration.helpdesk.test_desk_rooms import SETTINGS, lines, post
from tests.journeys.pages import person


@pytest.fixture
def admin(app: Flask, office: Any) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


def logged() -> list[tuple[str, str, str, dict[str, Any]]]:
    kinds = [kind.name for kind in setup_kinds.CHANGES]
    found = db.session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id))
    return [(e.kind, e.subject, e.actor, dict(e.data)) for e in found]


def test_a_line_of_the_routing_table_leaves_an_event_for_each_change(admin: Desk) -> None:
    health = queue_id("kesehatan")
    post(admin, "baris", klass="COMPLAINT", queue=health)
    new, place = lines()[-2].id, len(lines()) - 1
    post(admin, f"baris/{new}/turun")  # it stands there already: nothing changed
    post(admin, f"baris/{new}/naik")
    post(admin, f"baris/{new}/hapus")
    post(admin, f"baris/{new}/hapus")  # gone
    who, where = f"user:{admin.id}", f"queue:{health}"
    assert logged() == [
        ("ROUTE_ADDED", where, who, {"route": new, "place": place, "class": "COMPLAINT"}),
        ("ROUTE_PLACED", where, who, {"route": new, "place": place - 1, "was": place}),
        ("ROUTE_REMOVED", where, who, {"route": new, "was": place - 1, "class": "COMPLAINT"}),
    ]


def test_the_log_says_who_may_read_a_queue_and_since_when(admin: Desk) -> None:
    ani = person("Ani", "ani@kota.example", Role.AGENT, "kesehatan")
    budi = person("Budi", "budi@kota.example", Role.AGENT)
    health = queue_id("kesehatan")
    post(admin, f"{health}/anggota", people=[ani, budi])
    post(admin, f"{health}/anggota", people=[ani, budi])
    post(admin, f"{health}/anggota", people=[budi])
    who, where = f"user:{admin.id}", f"queue:{health}"
    assert logged() == [
        ("MEMBER_ADDED", where, who, {"user": budi}),
        ("MEMBER_REMOVED", where, who, {"user": ani}),
    ]


def test_administrators_read_what_was_changed_and_by_whom(admin: Desk) -> None:
    budi = person("Budi", "budi@kota.example", Role.AGENT)
    assert "Yang diubah" not in admin.get(SETTINGS).text
    post(admin, f"{queue_id('inspektorat')}/anggota", people=[budi])
    post(admin, "baris", klass="COMPLAINT", queue=queue_id("kesehatan"))
    post(admin, f"baris/{lines()[-2].id}/naik")
    post(admin, f"baris/{lines()[-3].id}/hapus")
    page = admin.get(SETTINGS).text.split("Yang diubah")[1]
    for words in ("Budi kini bertugas di", "kini menerima: Pengaduan", "dari urutan", "tidak lagi"):
        assert words in page
    assert page.count("Agus") >= 4


def test_two_administrators_who_save_the_same_members_at_once_both_get_through(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        people = [person(f"P{n}", f"p{n}@kota.example", Role.AGENT) for n in range(4)]
        health = queue_id("kesehatan")
        db.session.remove()
    said: list[str] = []

    def save(wanted: list[int], start: threading.Barrier) -> None:
        with committed_app.app_context():
            start.wait()
            try:
                with transaction():
                    members.set_members(health, wanted, "user:1")
                said.append("saved")
            except Exception as error:
                said.append(type(error).__name__)

    for round_ in range(5):
        barrier = threading.Barrier(2)
        both = [people[: 1 + round_ % 3], people[round_ % 3 :]]
        threads = [threading.Thread(target=save, args=(wanted, barrier)) for wanted in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with committed_app.app_context():
            now = set(db.session.scalars(select(Member.user_id).where(Member.queue_id == health)))
            told: set[int] = set()
            for kind, _, _, data in logged():
                (told.add if kind == "MEMBER_ADDED" else told.remove)(data["user"])
            db.session.remove()
        assert now == told and now in [set(wanted) for wanted in both]
    assert said == ["saved"] * 10
