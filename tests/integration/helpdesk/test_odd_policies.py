"""What is legal about policies but odd is said on their pages, and refused by nobody."""

from __future__ import annotations

import pytest
from flask import Flask

from accounts.rules.access import Role
from core.database import db, transaction
from helpdesk.models import Queue
from sla.policies import order
from tests.integration.helpdesk.desk import Desk, queue_id
from tests.integration.helpdesk.policy_editor import PAGE, Editor
from tests.integration.sla.said_anew import say_anew

pytestmark = pytest.mark.usefixtures("office", "clock")


@pytest.fixture
def admin(app: Flask) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


def page(admin: Desk, path: str = "") -> str:
    return str(admin.get(f"{PAGE}{path}").text)


def test_what_nothing_can_fall_under_is_said_and_by_whom_it_is_taken(admin: Desk) -> None:
    assert "Tidak ada laporan yang dapat masuk" not in page(admin)
    editor = Editor(admin, "baru").type(name="Semua keluhan", **{"c-class": ["COMPLAINT"]})
    editor.look()
    assert "Pengaduan berkadar pengawasan: Tidak ada laporan yang dapat masuk" in editor.text
    assert editor.publish().status_code == 303, "legal, though odd"
    words = page(admin)
    taken = [row.key for row in order.latest() if "COMPLAINT" in row.conditions.get("class", ())]
    assert words.count("Tidak ada laporan yang dapat masuk") == len(taken) - 1
    assert "lebih dulu oleh 1. Semua keluhan" in words
    assert "1. Semua keluhan" in page(admin, "/supervisory")


def test_a_queue_that_is_shut_is_said_where_a_policy_names_it(admin: Desk) -> None:
    queue = queue_id("kesehatan")
    Editor(admin, "baru").type(name="Kesehatan", **{"c-queue": [str(queue)]}).save()
    assert "tidak dipakai lagi" not in page(admin)
    with transaction():
        db.session.get_one(Queue, queue).active = False
    assert "tidak dipakai lagi; laporan baru tidak akan cocok" in page(admin)


def test_a_topic_that_is_gone_is_said_and_goes_when_it_is_unticked(admin: Desk) -> None:
    Editor(admin, "baru").type(name="Lama", **{"c-category": ["pungli"]}).save()
    say_anew("lama", conditions={"category": ["pungli", "lenyap"], "mood": ["buruk"]})
    words = page(admin)
    assert "Tentang: lenyap sudah tidak ada" in words
    assert "mood: buruk sudah tidak ada" in words
    assert "syaratnya tidak mungkin terpenuhi bersama-sama" in words
    editor = Editor(admin, "lama/ubah")
    assert editor.fields.getlist("c-category") == ["pungli", "lenyap"]
    editor.type(**{"c-category": ["pungli"], "c-mood": None}).save()
    assert order.find("lama").conditions == {"category": ["pungli"]}
    assert "sudah tidak ada" not in page(admin).split("Yang diubah")[0]


def test_what_lies_in_the_queue_apart_never_goes_to_the_offices_units(admin: Desk) -> None:
    queue = str(queue_id("inspektorat"))
    editor = Editor(admin, "baru").type(name="Aneh", **{"c-queue": [queue], "c-apart": ["no"]})
    editor.look()
    assert "syaratnya tidak mungkin terpenuhi bersama-sama" in editor.text
    editor.type(**{"c-apart": ["yes"]}).look()
    assert "Tidak ada laporan yang dapat masuk" not in editor.text
