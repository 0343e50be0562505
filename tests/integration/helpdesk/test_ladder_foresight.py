"""Before what is open is moved to a ladder, its page says what that would do; as it then does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk import tickets
from helpdesk.models import Ticket
from sla.models import Move, PolicyVersion, TimerRow
from sla.policies import foresight, ladder_foresight, order
from sla.policies.ladder_foresight import LadderForesight
from sla.recalculation import moves, sampling
from tests.integration.helpdesk.desk import Desk, report
from tests.integration.helpdesk.test_ladder_editor import at, newest, send

pytestmark = pytest.mark.usefixtures("office")
DAY = timedelta(days=1)
HALF, QUARTER = at(50), at(25)


@pytest.fixture
def admin(app: Flask, clock: MovableClock) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


def again(desk: Desk) -> None:
    """The session has ended meanwhile."""
    desk.sign_in("agus@kota.example")
    desk.token = desk.hidden("/akun")["csrf_token"]


def asked() -> Ticket:
    ticket = report()
    with transaction():
        tickets.accept(ticket.id, "user:1")
        tickets.ask(ticket.id, "Nomor berkasnya?", "user:1")
    return ticket


def figures(page: str) -> list[int]:
    """What the preview counts, in its order."""
    part = re.search(r'id="pratinjau".*?</section>', page, re.S)
    assert part is not None, "no preview"
    return [int(n) for n in re.findall(r"<dd>(\d+)</dd>", part.group())]


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w*)"', page)
    assert found is not None
    return found.group(1)


def version(steps: list[dict[str, object]]) -> PolicyVersion:
    row = order.find("ordinary")
    return PolicyVersion(
        key=row.key, name=row.name, position=row.position, calendar_key=row.calendar_key,
        conditions=row.conditions, targets=row.targets, hold_pauses=False,
        steps={**row.steps, "RESOLUTION": steps},
    )  # fmt: skip


def plans() -> dict[int, tuple[list[list[str]], set[str]]]:
    db.session.expire_all()
    rows = db.session.scalars(select(TimerRow).where(TimerRow.metric == "RESOLUTION"))
    return {row.id: (row.plan, set(row.said)) for row in rows}


def move() -> None:
    """What was ordered comes about, as a worker does it."""
    (ident,) = db.session.scalars(select(Move.id))
    while moves.step(ident):
        pass


def test_what_is_open_is_moved_only_after_a_look_at_what_that_does(admin: Desk) -> None:
    report()
    status, page = send(admin, HALF, open="1")
    assert status == 200 and figures(page) == [1, 0, 0]
    assert "semua 1 yang terbuka" in page and newest().version == 1
    assert send(admin, HALF, open="1", seen=seen(page))[0] == 303
    assert newest().version == 2 and newest().for_open
    assert db.session.scalar(select(func.count(Move.id))) == 1


def test_what_was_not_looked_at_is_not_published(admin: Desk) -> None:
    report()
    _, page = send(admin, HALF, do="preview", open="1")
    other = send(admin, QUARTER, open="1", seen=seen(page))
    assert other[0] == 200 and figures(other[1]) == [1, 0, 0] and newest().version == 1
    assert seen(other[1]) != seen(page)


def test_without_the_tick_nothing_is_counted_and_saving_needs_no_look(admin: Desk) -> None:
    report()
    _, page = send(admin, HALF, do="preview")
    assert 'id="pratinjau"' not in page and seen(page) == ""
    assert send(admin, HALF)[0] == 303 and newest().version == 2


def test_a_ladder_that_says_nothing_new_moves_nothing(admin: Desk) -> None:
    report()
    same = at(75), at(8, "ah", "level:1"), at(23, "ah", "level:2")
    assert 'id="pratinjau"' not in send(admin, *same, do="preview", open="1")[1]


def test_mistakes_are_said_and_nothing_is_counted(admin: Desk) -> None:
    report()
    status, page = send(admin, at(0), do="preview", open="1")
    assert status == 422 and 'id="pratinjau"' not in page


def test_steps_whose_moment_is_past_are_counted_and_what_is_late_or_settled_is_not(
    admin: Desk, clock: MovableClock
) -> None:
    late, done = report(), report()
    clock.forward(20 * DAY)  # the first is past due soon
    with transaction():
        tickets.accept(done.id, "user:1")
        tickets.resolve(done.id, "Sudah.", "user:1")
    clock.forward(15 * DAY)
    old = report()
    waits = asked()
    clock.forward(8 * DAY)
    young = report()
    again(admin)
    status, page = send(admin, QUARTER, at(10), at(75), open="1")
    assert status == 200
    # Old: both are past. Waiting and young: other steps lie ahead of them. Late: none any more.
    assert figures(page) == [3, 2, 1]
    assert {late.ref, old.ref, waits.ref, young.ref} <= set(
        db.session.scalars(select(TimerRow.subject).where(TimerRow.stopped_at.is_(None)))
    )


def test_the_figures_are_what_the_move_then_does(admin: Desk, clock: MovableClock) -> None:
    for _ in range(3):
        report()
        clock.forward(4 * DAY)
    again(admin)
    report()
    before = plans()
    _, page = send(admin, QUARTER, at(60), open="1")
    said = figures(page)
    assert send(admin, QUARTER, at(60), open="1", seen=seen(page))[0] == 303
    move()
    after = plans()
    fresh = {ident: after[ident][1] - before[ident][1] for ident in before}
    other = [ident for ident in before if after[ident] != before[ident]]
    assert said == [len(other), sum(map(len, fresh.values())), sum(map(bool, fresh.values()))]
    assert said[1] > 0
    stepped = select(func.count(Event.id)).where(
        Event.kind == "TIMER_STEPPED", Event.data["step"].astext == "25"
    )
    assert db.session.scalar(stepped) == said[1]


def test_of_many_a_sample_is_counted_and_the_page_says_so(
    admin: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "SAMPLE", 4)
    for _ in range(10):
        report()
    page = send(admin, HALF, open="1")[1]
    assert figures(page) == [3, 0, 0] and "3 dari 10 yang terbuka" in page


def test_of_very_many_even_the_number_is_reckoned_and_called_so(
    admin: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        report()
    monkeypatch.setattr(sampling, "FEW", 3)
    monkeypatch.setattr(sampling, "SAMPLE", 4)
    page = send(admin, HALF, open="1")[1]
    assert figures(page)[1:] == [0, 0] and 3 <= figures(page)[0] <= 4
    assert "dari sekitar 10 yang terbuka" in page


def test_looking_stores_nothing(admin: Desk, clock: MovableClock) -> None:
    report()
    before = plans(), db.session.scalar(select(func.count(Event.id)))
    clock.forward(8 * DAY)
    found = ladder_foresight.foresee(version([{"name": "10", "percent": 10}]), clock.at)
    assert found == LadderForesight(total=1, looked=1, other=1, at_once=1, hit=1)
    assert (plans(), db.session.scalar(select(func.count(Event.id)))) == before
    assert foresight.DRAFT not in order.find("ordinary").steps
