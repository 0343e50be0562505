"""The editor of a ladder: drawn as it comes, saved as a version, refused beside the field."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk.escalations import naming
from sla.models import Move, PolicyVersion
from sla.policies import order
from tests.integration.helpdesk.desk import Desk, queue_id
from tests.integration.helpdesk.test_levels_and_leave import error_of
from tests.journeys.pages import person

pytestmark = pytest.mark.usefixtures("office")
PATH = "/pengaturan/aturan/ordinary/tangga/RESOLUTION"


@pytest.fixture
def admin(app: Flask, clock: MovableClock) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


@pytest.fixture
def wulan(clock: MovableClock) -> int:
    return person("Wulan", "wulan@kota.example", Role.SUPERVISOR)


def send(desk: Desk, *steps: dict[str, Any], do: str = "save", **more: Any) -> tuple[int, str]:
    fields: dict[str, Any] = {"steps": len(steps), "version": newest().version, "do": do, **more}
    for i, step in enumerate(steps):
        fields |= {f"s{i}-{name}": value for name, value in step.items()}
    answer = desk.client.post(PATH, data={"csrf_token": desk.token, **fields})
    return answer.status_code, answer.text


def at(n: object, when: str = "percent", *do: str, **more: Any) -> dict[str, Any]:
    return {"n": str(n), "when": when, "do": list(do), **more}


def newest() -> PolicyVersion:
    db.session.expire_all()
    return order.find("ordinary")


def rungs(page: str) -> list[str]:
    """What stands on each rung, from the foot up."""
    drawn = re.search(r'<ol class="ladder">(.*?)</ol>', page, re.S)
    assert drawn is not None
    found = re.findall(r"<li class=.*?(?=<li class=|$)", drawn.group(1), re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", rung).split()) for rung in found]


def test_the_ladder_in_force_is_drawn_in_order_with_who_that_is_now(
    admin: Desk, wulan: int
) -> None:
    drawn = rungs(admin.get(PATH).text)
    assert [rung.split(" beri ")[0] for rung in drawn[1:]] == [
        "75% waktu terpakai",
        "Batas",
        "8 jam sesudah jatuh tempo",
        "23 jam sesudah jatuh tempo",
    ]
    assert "bawa ke jenjang 1 (Pengawas) Wulan" in drawn[3]
    assert "Senin 14 Desember, pukul 16.00" in drawn[2]


def test_whoever_stands_at_the_level_at_the_moment_is_named(admin: Desk, wulan: int) -> None:
    sari = person("Sari", "sari@kota.example", Role.AGENT)
    with transaction():
        naming.name(1, sari, "user:1")
    assert "bawa ke jenjang 1 (Pengawas) Sari" in rungs(admin.get(PATH).text)[3]


def test_a_step_is_added_and_removed_without_saving_anything(admin: Desk) -> None:
    status, page = send(admin, at(60, "percent", "raise"), do="add")
    assert status == 200 and 'name="s1-n"' in page and 'value="60"' in page
    status, page = send(admin, at(60), at(80), do="remove-0")
    assert 'name="s1-n"' not in page and 'value="80"' in page and 'value="60"' not in page
    assert newest().version == 1


def test_a_moment_that_is_typed_draws_the_ladder_from_there(admin: Desk) -> None:
    status, page = send(admin, at(1, "as", "cause"), do="preview", begins="2026-12-23T15:00")
    drawn = rungs(page)
    assert status == 200 and "Rabu 23 Desember, pukul 15.00" in drawn[0]
    assert "1 detik sesudah jatuh tempo" in drawn[2] and "minta sebabnya" in drawn[2]
    assert send(admin, do="preview", begins="besok")[0] == 422
    assert send(admin, do="preview", begins="2199-12-31T23:00")[0] < 500


def test_saving_makes_a_version_that_keeps_the_other_ladders(admin: Desk, wulan: int) -> None:
    before = newest()
    others = {m: s for m, s in before.steps.items() if m != "RESOLUTION"}
    status, _ = send(
        admin,
        at(50, "percent", "notify:holder", f"notify:user:{wulan}", "notify:level:9"),
        at(30, "bm", "notify:SUPERVISOR", hours="1"),
        at(2, "ah", "level:1", "raise", "cause", "webhook"),
        at(9, "ah", f"reassign:{wulan}", f"queue:{queue_id('informasi')}", "level:4"),
    )
    after = newest()
    assert (status, after.version, after.targets) == (303, 2, before.targets)
    assert {m: s for m, s in after.steps.items() if m != "RESOLUTION"} == others
    assert [one["name"] for one in after.steps["RESOLUTION"]] == ["50", "b30m", "a2h", "a9h"]
    assert after.steps["RESOLUTION"][1]["in_hours"] is True
    event = db.session.scalars(select(Event).where(Event.subject == f"policy:{after.id}")).one()
    assert (event.actor, event.data["was"]) == (f"user:{admin.id}", before.id)
    page = admin.get(PATH).text
    assert 'value="9"' in page and page.count(" selected") >= 10
    assert send(admin, *[at(1, "as")], version="1")[0] == 422
    assert not db.session.scalar(select(func.count(Move.id)))


def test_open_reports_follow_only_if_asked_and_an_empty_ladder_can_be_saved(admin: Desk) -> None:
    status, page = send(admin, open="1")
    assert status == 200 and "RESOLUTION" in newest().steps, "what it does is looked at before"
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    assert send(admin, open="1", seen=seen)[0] == 303
    assert "RESOLUTION" not in newest().steps
    assert db.session.scalar(select(func.count(Move.id))) == 1
    assert "Belum ada langkah" in admin.get(PATH).text


def test_the_same_ladder_again_makes_no_version(admin: Desk) -> None:
    status, _ = send(admin, at(75), at(23, "ah", "level:2"), at(8, "ah", "level:1"))
    assert (status, newest().version) == (303, 1)


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ([at(0)], "s0-n"),
        ([at(1000)], "s0-n"),
        ([at("tiga perempat")], "s0-n"),
        ([at("")], "s0-n"),
        ([at("7,5")], "s0-n"),
        ([at(0, "ah")], "s0-n"),
        ([at("9" * 9, "ah")], "s0-n"),
        ([at("-3", "bm")], "s0-n"),
        ([at(3, "weeks")], "s0-when"),
        ([at(75), at(75)], "s1-n"),
        ([at(60, "am"), at(75), at(1, "ah")], "s2-n"),
        ([at(1, "ah", "level:2"), at(2, "ah", "level:1")], "s1-do"),
        ([at(2, "ah", "level:1"), at(1, "ah", "level:1")], "s0-do"),
        ([at(1, "ah", "queue:1"), at(2, "ah", "queue:2"), at(3, "ah", "queue:1")], "s2-do"),
        ([at(50, "percent", "level:10")], "s0-do"),
        ([at(50, "percent", "notify:user:999999")], "s0-do"),
        ([at(50, "percent", "notify:VERIFIER")], "s0-do"),
        ([at(50, "percent", "notify:WIZARD")], "s0-do"),
        ([at(50, "percent", "reassign:999999")], "s0-do"),
        ([at(50, "percent", "queue:999999")], "s0-do"),
        ([at(50, "percent", "queue:")], "s0-do"),
        ([at(50, "percent", "explode")], "s0-do"),
    ],
)
def test_a_step_that_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(
    admin: Desk, steps: list[dict[str, Any]], field: str
) -> None:
    for do in ("preview", "save"):
        status, page = send(admin, *steps, do=do)
        assert status == 422, page[:100]
        assert error_of(page, field), re.findall(r'id="(f-[^"]*-error)"', page)
        for i, step in enumerate(steps):
            assert f'name="s{i}-n" type="text" value="{step["n"]}"' in page
            assert all(f'value="{value}" selected' in page for value in step["do"])
    assert newest().version == 1


def test_of_two_who_edit_at_once_the_second_is_told_and_keeps_what_was_typed(
    admin: Desk,
) -> None:
    assert send(admin, at(60))[0] == 303
    status, page = send(admin, at(65), version="1")
    assert status == 422 and "versi 2 sudah terbit" in page and 'value="65"' in page
    assert 'name="version" value="2"' in page, "sent again it holds"
    assert send(admin, at(65))[0] == 303


def test_only_administrators_come_here_and_only_to_what_is_promised(
    app: Flask, admin: Desk
) -> None:
    assert Desk(app, "Sari", Role.SUPERVISOR).get(PATH).status_code == 403
    assert admin.get(PATH.replace("ordinary", "nothing")).status_code == 404
    assert admin.get(PATH.replace("RESOLUTION", "PROCESSING")).status_code == 404
    assert admin.get(PATH.replace("ordinary", "appreciation")).status_code == 404


def test_somebody_who_left_stands_in_the_form_as_who_they_were(admin: Desk, wulan: int) -> None:
    assert send(admin, at(50, "percent", f"notify:user:{wulan}"))[0] == 303
    admin.client.post(f"/orang/{wulan}/nonaktif", data={"csrf_token": admin.token})
    with transaction() as session:
        from accounts.models import User

        session.get_one(User, wulan).active = False
    page = admin.get(PATH).text
    assert f'value="notify:user:{wulan}" selected' in page and "Sudah tidak ada" in page
    status, page = send(admin, at(51, "percent", f"notify:user:{wulan}"))
    assert status == 422 and error_of(page, "s0-do")


@pytest.mark.parametrize("said", ["", "x", "-1", "21", "9999", "1e2", "²"])
def test_a_form_that_came_in_part_never_empties_the_ladder(admin: Desk, said: str) -> None:
    assert send(admin, at(75))[0] == 303
    before = newest()
    status, page = send(admin, at(75), steps=said)
    assert status == 422 and "tidak sampai utuh" in page
    assert newest().version == before.version and newest().steps == before.steps
