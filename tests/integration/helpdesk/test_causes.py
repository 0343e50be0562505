"""Causes and excuses of missed promises: who gives them, what they show, what they never change."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk import tickets
from helpdesk.causes import acts
from helpdesk.models import BreachCause, Ticket
from sla import tracking
from sla.models import TimerRow
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import Desk, fresh, report
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")
FIRST = ("FIRST_RESPONSE", 1)
REPORT = "/pengawas/pelanggaran?from=2026-11-01&to=2026-12-31"


@pytest.fixture
def agent(app: Flask, ticket: Ticket) -> Desk:
    return Desk(app, "Rani", Role.AGENT, "pengaduan")


@pytest.fixture
def boss(app: Flask, ticket: Ticket) -> Desk:
    return Desk(app, "Wulan", Role.SUPERVISOR)


@pytest.fixture
def ticket(clock: MovableClock) -> Ticket:
    """Its first answer was due on its second day and did not come until the third."""
    one = report()
    clock.forward(timedelta(days=2))
    sweeper.sweep()
    with transaction():
        tickets.answer(one.id, "Maaf, terlambat.", "user:1")
    return fresh(one.id)


def send(who: Desk, ticket: Ticket, path: str, promise: Any = FIRST, **fields: str) -> Any:
    address = f"/laporan/{ticket.number}/terlewat/{promise[0]}/{promise[1]}/{path}"
    return who.client.post(address, data={"csrf_token": who.token, **fields})


def broken(ticket: Ticket) -> TimerRow:
    db.session.expire_all()
    rows = tracking.timers([ticket.ref])[ticket.ref]
    return next(r for r in rows if (r.metric, r.cycle) == FIRST)


def kinds(ticket: Ticket) -> list[str]:
    found = select(Event.kind).where(Event.subject == ticket.ref).order_by(Event.id)
    return list(db.session.scalars(found))


def figures(boss: Desk, query: str = "") -> tuple[int, int]:
    """Broken, and of these excused, as the report's page shows them."""
    page = boss.get(REPORT + query).text
    figures = page.split('<dl class="figures">')[1].split("</dl>")[0]
    values = [part.split("</dd>")[0].split(">")[-1] for part in figures.split("<dd")[1:]]
    return int(values[0]), int(values[1])


def test_the_holder_names_a_cause_and_the_report_shows_it(
    agent: Desk, boss: Desk, ticket: Ticket
) -> None:
    answer = send(agent, ticket, "sebab", cause="MANY", remark="Tiga orang cuti bersama.")
    assert answer.status_code == 303
    page = boss.get(REPORT).text
    assert "Laporan lebih banyak daripada petugas" in page
    assert "Tiga orang cuti bersama." not in page
    event = db.session.scalars(select(Event).where(Event.kind == "CAUSE_GIVEN")).one()
    assert event.data == {"metric": FIRST[0], "cycle": 1, "cause": "MANY"}
    assert figures(boss) == (1, 0)


def test_an_excuse_shows_beside_the_breach_and_takes_nothing_from_it(
    boss: Desk, ticket: Ticket
) -> None:
    before = broken(ticket).breached_at
    assert send(boss, ticket, "dispensasi", cause="DISASTER", remark="Banjir.").status_code == 303
    after = broken(ticket)
    assert (after.breached_at, after.reading) == (before, "BREACHED")
    assert figures(boss) == (1, 1)
    lines = boss.get(REPORT.replace("?", ".csv?")).text.lstrip("\ufeff")
    (line,) = list(csv.DictReader(io.StringIO(lines)))
    assert (line["cause"], line["excused"]) == ("DISASTER", "1")
    assert send(boss, ticket, "dispensasi/cabut").status_code == 303
    assert figures(boss) == (1, 0)
    assert kinds(ticket)[-2:] == ["BREACH_EXCUSED", "EXCUSE_WITHDRAWN"]
    kept = db.session.scalars(select(BreachCause)).one()
    assert kept.withdrawn_at is not None and kept.remark == "Banjir."
    assert send(boss, ticket, "dispensasi/cabut").status_code == 404


@pytest.mark.parametrize(
    ("cause", "count"),
    [("", 1), ("DISASTER", 1), ("MANY", 1), ("AWAY", 0), ("EXCUSED", 1), ("NONE", 0), ("x", 1)],
)
def test_the_report_is_filtered_by_cause(
    agent: Desk, boss: Desk, ticket: Ticket, cause: str, count: int
) -> None:
    send(agent, ticket, "sebab", cause="MANY")
    send(boss, ticket, "dispensasi", cause="DISASTER")
    assert figures(boss, f"&cause={cause}")[0] == count
    assert (ticket.number in boss.get(f"{REPORT}&cause={cause}").text) is bool(count)


def test_only_whoever_answers_for_the_queue_excuses(
    app: Flask, agent: Desk, ticket: Ticket
) -> None:
    assert send(agent, ticket, "dispensasi", cause="AWAY").status_code == 403
    assert (
        "dispensasi"
        not in agent.get(f"/laporan/{ticket.number}/terlewat")
        .text.lower()
        .split("tidak mengubah angka")[1]
    )
    stranger = Desk(app, "Budi", Role.AGENT, "kesehatan")
    assert send(stranger, ticket, "sebab", cause="AWAY").status_code == 404
    assert stranger.get(f"/laporan/{ticket.number}/terlewat").status_code == 404
    assert db.session.scalars(select(BreachCause)).all() == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"cause": "", "remark": "Begitu."}, "cause"),
        ({"cause": "MOON"}, "cause"),
        ({"cause": "OTHER", "remark": " "}, "remark"),
        ({"cause": "AWAY", "remark": "x" * 501}, "remark"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    boss: Desk, ticket: Ticket, typed: dict[str, str], field: str
) -> None:
    answer = send(boss, ticket, "dispensasi", **typed)
    assert answer.status_code == 422
    assert f'id="maaf-FIRST_RESPONSE-1-{field}-error"' in answer.text
    assert typed.get("remark", "").strip() in answer.text


@pytest.mark.parametrize("promise", [("RESOLUTION", 1), ("FIRST_RESPONSE", 9), ("MOON", 1)])
def test_a_promise_that_was_not_missed_has_neither(
    boss: Desk, ticket: Ticket, promise: tuple[str, int]
) -> None:
    assert send(boss, ticket, "dispensasi", promise, cause="AWAY").status_code == 404
    assert send(boss, ticket, "sebab", promise, cause="AWAY").status_code == 404


def test_a_cause_that_was_asked_for_is_asked_of_each_promise_once_and_the_answer_clears_it(
    agent: Desk, ticket: Ticket
) -> None:
    with transaction():
        for metric in ("FIRST_RESPONSE", "RESOLUTION", "FIRST_RESPONSE"):
            acts.want(db.session.get_one(Ticket, ticket.id), {"metric": metric, "cycle": 1})
    assert kinds(ticket).count("CAUSE_WANTED") == 2
    desk = agent.get(f"/laporan/{ticket.number}").text
    assert f"/laporan/{ticket.number}/terlewat" in desk and "Sebutkan sebab" in desk
    page = agent.get(f"/laporan/{ticket.number}/terlewat").text
    assert page.count("Sebabnya diminta.") == 2
    send(agent, ticket, "sebab", cause="AWAY")
    assert fresh(ticket.id).cause_wanted
    send(agent, ticket, "sebab", ("RESOLUTION", 1), cause="HARD")
    assert not fresh(ticket.id).cause_wanted


def test_the_citizen_never_reads_that_an_excused_promise_was_kept(
    app: Flask, clock: MovableClock
) -> None:
    citizen = Visitor(app.test_client())
    citizen.report(text="Izin saya belum terbit.")
    code, pin = citizen.code_and_pin()
    ticket = db.session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
    clock.forward(timedelta(days=2))
    sweeper.sweep()
    boss = Desk(app, "Wulan", Role.SUPERVISOR)
    citizen.come_back(code, pin)
    before = citizen.get("/laporan-saya").text
    assert send(boss, ticket, "dispensasi", cause="DISASTER", remark="Banjir.").status_code == 303
    after = citizen.get("/laporan-saya").text
    assert "Janji terlewat: jawaban pertama" in before
    main = [page.split("<main")[1].split("</main>")[0] for page in (before, after)]
    assert "Janji terlewat: jawaban pertama" in main[1]
    assert "Banjir" not in after and "ispensasi" not in after


def test_a_form_that_comes_twice_is_one_cause_one_excuse_and_one_event_each(
    agent: Desk, boss: Desk, ticket: Ticket
) -> None:
    for _ in range(2):
        assert (
            send(agent, ticket, "sebab", cause="OTHER", remark="Listrik padam.").status_code == 303
        )
        assert send(boss, ticket, "dispensasi", cause="OTHER", remark="Banjir.").status_code == 303
    kinds = list(db.session.scalars(select(Event.kind).where(Event.subject == ticket.ref)))
    assert (kinds.count("CAUSE_GIVEN"), kinds.count("BREACH_EXCUSED")) == (1, 1)
    assert len(acts.of(fresh(ticket.id))) == 2


def test_signs_without_ink_name_no_other_cause(agent: Desk, ticket: Ticket) -> None:
    assert send(agent, ticket, "sebab", cause="OTHER", remark="\u200b\u2060").status_code == 422
