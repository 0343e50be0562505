"""Supervisors look at patterns: with evidence, filtered, and only of what they answer for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk import tickets
from helpdesk.models import SightingRow, Ticket
from helpdesk.patterns import sightings
from tests.counting import statements
from tests.integration.helpdesk.desk import Desk, queue_id, report

pytestmark = pytest.mark.usefixtures("office")
PAGE = "/pengawasan/perlu-dilihat"


@pytest.fixture
def agent(app: Flask, clock: MovableClock) -> Desk:
    return Desk(app, "Rani", Role.AGENT, "pengaduan")


@pytest.fixture
def boss(app: Flask, clock: MovableClock) -> Desk:
    return Desk(app, "Wulan", Role.SUPERVISOR)


def asked(agent: Desk, category: str | None = None) -> Ticket:
    """A report whose citizen waits without having been asked anything."""
    one = report(category)
    with transaction():
        tickets.accept(one.id, f"user:{agent.id}")
        tickets.ask(one.id, "Ok", f"user:{agent.id}")
        sightings.store(sightings.of_tickets([one.ref]))
    return one


def the_row(ticket: Ticket) -> SightingRow:
    db.session.expire_all()
    found = select(SightingRow).where(
        SightingRow.ticket_id == ticket.id, SightingRow.pattern == "NO_QUESTION"
    )
    return db.session.scalars(found).one()


def test_a_pattern_stands_there_with_who_when_and_its_place_in_the_log(
    agent: Desk, boss: Desk
) -> None:
    ticket = asked(agent)
    page = boss.get(PAGE).text
    row = the_row(ticket)
    assert ticket.number in page and "Rani" in page
    assert "Menunggu warga tanpa pertanyaan yang jelas" in page
    assert f"/laporan/{ticket.number}#peristiwa-{row.event_id}" in page
    assert f'id="peristiwa-{row.event_id}"' in boss.get(f"/laporan/{ticket.number}").text
    assert "<h2>Menunggu warga melebihi" not in page, (
        "a wait that may last too long has not lasted yet"
    )


def test_looking_is_noted_with_a_remark_outside_the_log(agent: Desk, boss: Desk) -> None:
    ticket = asked(agent)
    row = the_row(ticket)
    answer = boss.client.post(
        f"{PAGE}/{row.id}/dilihat?pattern=NO_QUESTION",
        data={"csrf_token": boss.token, "remark": "Sudah dibicarakan."},
    )
    assert answer.status_code == 303 and "pattern=NO_QUESTION" in answer.location
    assert ticket.number not in boss.get(PAGE).text
    page = boss.get(f"{PAGE}?show=seen").text
    assert "Sudah dibicarakan." in page and "Wulan" in page
    event = db.session.scalars(select(Event).where(Event.kind == "SIGHTING_SEEN")).one()
    assert event.data == {
        "ticket": ticket.id, "event": row.event_id, "pattern": "NO_QUESTION",
    }  # fmt: skip
    with transaction():
        sightings.store(sightings.of_tickets([ticket.ref]))
    assert the_row(ticket).remark == "Sudah dibicarakan."


def test_a_remark_that_is_too_long_comes_back_with_what_was_typed(agent: Desk, boss: Desk) -> None:
    row = the_row(asked(agent))
    data = {"csrf_token": boss.token, "remark": "x" * 501}
    answer = boss.client.post(f"{PAGE}/{row.id}/dilihat", data=data)
    assert answer.status_code == 422
    assert "x" * 501 in answer.text and f'id="lihat-{row.id}-remark-error"' in answer.text
    assert the_row(db.session.get_one(Ticket, row.ticket_id)).seen_at is None


def test_the_head_of_each_page_counts_what_nobody_has_looked_at(agent: Desk, boss: Desk) -> None:
    assert 'class="count"' not in boss.get(PAGE).text
    asked(agent)
    asked(agent)
    page = boss.get("/akun").text
    assert '<b class="count">2<' in page
    assert 'class="count"' not in agent.get("/antrean").text


def test_illegal_levies_are_shown_to_their_inspectors_and_to_no_supervisor(
    app: Flask, agent: Desk, boss: Desk
) -> None:
    inspector = Desk(app, "Intan", Role.INSPECTOR, "inspektorat")
    secret = asked(agent, "pungli")
    assert secret.queue_id == queue_id("inspektorat")
    open_one = asked(agent)
    assert secret.number not in boss.get(PAGE).text
    assert open_one.number in boss.get(PAGE).text
    found = inspector.get(PAGE).text
    assert secret.number in found and open_one.number not in found
    data = {"csrf_token": boss.token, "remark": ""}
    assert boss.client.post(f"{PAGE}/{the_row(secret).id}/dilihat", data=data).status_code == 404


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", True),
        ("?pattern=NO_QUESTION", True),
        ("?pattern=MOVED_NEAR", False),
        ("?queue={queue}", True),
        ("?queue=999", False),
        ("?person={agent}", True),
        ("?person={boss}", False),
        ("?from=2026-11-24&to=2026-11-24", True),
        ("?from=2026-11-25&to=2026-11-26", False),
        ("?show=seen", False),
        ("?show=all", True),
        ("?pattern=x&queue=y&person=z&show=q", True),
    ],
)
def test_the_list_is_filtered(agent: Desk, boss: Desk, query: str, there: bool) -> None:
    ticket = asked(agent)
    query = query.format(queue=ticket.queue_id, agent=agent.id, boss=boss.id)
    assert (ticket.number in boss.get(PAGE + query).text) is there


@pytest.mark.parametrize("query", ["?from=gestern", "?from=2026-12-02&to=2026-12-01", "?dari=x"])
def test_nonsense_is_a_sentence_beside_its_field(boss: Desk, query: str) -> None:
    answer = boss.get(PAGE + query)
    assert answer.status_code == 422 and "error-summary" in answer.text


def test_pages_hold_each_once_and_cost_the_same(
    agent: Desk, boss: Desk, clock: MovableClock
) -> None:
    ids = []
    for _ in range(27):
        clock.forward(timedelta(seconds=1))
        ids.append(asked(agent).number)
    boss.get(PAGE)  # the office is kept in memory from now on
    with statements() as first:
        page = boss.get(PAGE).text
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    with statements() as second:
        rest = boss.get(following).text
    shown = [number for number in reversed(ids) if number in page]
    assert shown == ids[:1:-1] and all(number in rest for number in ids[:2])
    assert len(first) == len(second)


def test_a_page_is_read_by_its_index_among_very_many(agent: Desk, boss: Desk) -> None:
    ticket = asked(agent)
    copies = text(
        """
        INSERT INTO sightings (ticket_id, event_id, pattern, person, at, queue_id, evidence)
        SELECT :ticket, -n, 'MOVED_NEAR', 'user:1', now() - n * interval '1 second', :queue,
               ARRAY[n] FROM generate_series(1, 20000) n
        """
    )
    with transaction() as session:
        session.execute(copies, {"ticket": ticket.id, "queue": ticket.queue_id})
    db.session.execute(text("ANALYZE sightings"))
    asks = text(
        "EXPLAIN SELECT s.* FROM sightings s JOIN tickets k ON k.id = s.ticket_id "
        "WHERE s.at <= now() AND s.at >= now() - interval '30 days' AND s.seen_at IS NULL "
        "ORDER BY s.at DESC, s.id DESC LIMIT 26"
    )
    plan = "\n".join(db.session.scalars(asks))
    assert "ix_sightings" in plan and "Seq Scan on sightings" not in plan
    counted = db.session.scalar(select(func.count()).select_from(SightingRow))
    assert counted is not None and counted > 20_000


def test_the_ticket_says_how_much_of_its_waiting_is_used(agent: Desk, boss: Desk) -> None:
    assert "Sudah menunggu warga" not in agent.get(f"/laporan/{report().number}").text
    page = agent.get(f"/laporan/{asked(agent).number}").text
    assert "Sudah menunggu warga" in page and "1 dari 3 pertanyaan" in page


def test_measures_are_saved_with_their_history_and_nonsense_comes_back(app: Flask) -> None:
    admin = Desk(app, "Agus", Role.ADMIN)
    typed = {
        "near": "30", "short": "45", "letters": "10", "waiting": "40", "pauses": "2",
        "settlings": "3",
    }  # fmt: skip
    path = "/pengaturan/perlu-dilihat"
    bad = {"csrf_token": admin.token, **typed, "near": "3,5", "pauses": "0"}
    refused = admin.client.post(path, data=bad)
    assert refused.status_code == 422
    assert 'id="f-near-error"' in refused.text and 'value="3,5"' in refused.text
    sent = {"csrf_token": admin.token, **typed}
    assert admin.client.post(path, data=sent).status_code == 303
    assert 'value="45"' in admin.get(path).text
    assert "120 → 30" in admin.get("/pengaturan/antrean").text


def test_whoever_may_change_the_measures_finds_them(app: Flask) -> None:
    admin = Desk(app, "Agus", Role.ADMIN)
    assert 'href="/pengaturan/perlu-dilihat"' in admin.get("/pengaturan/aturan").text
