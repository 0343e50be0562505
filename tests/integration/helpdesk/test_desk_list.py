"""The desk's list: its order, its pages, its counts, and what it costs however long it is."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import text

from accounts.rules.access import Role
from core import clock as now_of
from core.clock import MovableClock
from core.database import db, transaction
from core.errors import Invalid
from helpdesk import changes, tickets
from helpdesk.lists import arrivals, counts, worklist
from helpdesk.models import Queue, Ticket
from tests.counting import plan, statements
from tests.integration.helpdesk.desk import Desk, fresh, queue_id, report

pytestmark = pytest.mark.usefixtures("office")

MANY = text("""
    INSERT INTO tickets (number, ticket_class, title, queue_id, status, filed_at, arrived_at,
                         updated_at, next_due_at)
    SELECT :key || '-' || n, 'COMPLAINT', 'Laporan', :queue, 'OPEN', :at, :at, :at,
           CASE WHEN n % 10 = 0 THEN NULL ELSE :at + make_interval(mins => n) END
    FROM generate_series(1, :many) AS n
""")


@pytest.fixture
def agent(app: Flask) -> Desk:
    return Desk(app, "Rani", Role.AGENT, "pengaduan")


def fill(many: int, key: str = "pengaduan") -> None:
    db.session.execute(MANY, {"queue": queue_id(key), "many": many, "at": now_of.now(), "key": key})
    db.session.commit()


def queue() -> Queue:
    return db.session.get_one(Queue, queue_id("pengaduan"))


def all_pages() -> list[Ticket]:
    criterion = worklist.view_criterion("semua", 1, [queue()], now_of.now())
    found: list[Ticket] = []
    cursor: str | None = None
    while True:
        page = worklist.page(criterion, cursor)
        found += page.tickets
        cursor = page.following
        if cursor is None:
            return found


def test_nearest_date_first_and_what_stands_still_last(agent: Desk, clock: MovableClock) -> None:
    still = report()
    agent.do(still, "penerimaan", klass="COMPLAINT")
    agent.do(still, "pertanyaan", text="Nomor berkasnya?")
    later = report()
    agent.do(later, "jawaban", text="Sedang diurus.")
    soon = report()
    assert fresh(still.id).next_due_at is None
    assert [t.id for t in all_pages()] == [soon.id, later.id, still.id]


def test_pages_hold_every_report_once() -> None:
    fill(120)
    found = all_pages()
    assert len(found) == 120
    assert len({t.id for t in found}) == 120
    dues = [t.next_due_at for t in found]
    dated = [due for due in dues if due is not None]
    assert dated == sorted(dated)
    assert dues[: len(dated)] == dated


def test_following_a_page_shows_the_next_one(agent: Desk) -> None:
    fill(30)
    first = agent.get("/antrean?antrean=semua").text
    link = first.split("dari=")[1].split('"')[0]
    second = agent.get(f"/antrean?antrean=semua&dari={link}").text
    assert '/laporan/pengaduan-1"' in first
    assert '/laporan/pengaduan-1"' not in second
    assert '/laporan/pengaduan-30"' in second


def test_each_view_shows_what_its_name_says(agent: Desk, clock: MovableClock) -> None:
    mine, waiting, other = report(), report(), report()
    agent.do(mine, "pegangan")
    agent.do(waiting, "penerimaan", klass="COMPLAINT")
    agent.do(waiting, "pertanyaan", text="Nomor berkasnya?")
    views = {
        "saya": {mine},
        "belum": {waiting, other},
        "menunggu": {waiting},
        "terlambat": set(),
        "semua": {mine, waiting, other},
    }
    for view, wanted in views.items():
        page = agent.get(f"/antrean?antrean={view}").text
        for ticket in (mine, waiting, other):
            assert (f"/laporan/{ticket.number}" in page) == (ticket in wanted), (view, ticket.id)
    clock.forward(timedelta(days=30))
    agent.sign_in("rani@kota.example")
    assert f"/laporan/{other.number}" in agent.get("/antrean?antrean=terlambat").text


def test_new_reports_are_counted_from_what_the_page_had(agent: Desk) -> None:
    report()
    rows = agent.get("/antrean/baris?antrean=semua")
    since = rows.headers["X-Cursor"]
    assert agent.newer("semua", since) == 0
    new = report()
    assert agent.newer("semua", since) == 1
    assert new.number in agent.get("/antrean/baris?antrean=semua").text


def test_counting_stops_after_a_thousand(agent: Desk) -> None:
    fill(1200)
    assert "1.000+" in agent.get("/antrean").text


@pytest.mark.parametrize("cursor", ["xx", "W10", "WzEsMl0", "bnVsbA", "%00", "A" * 5000])
def test_a_cursor_of_nonsense_gets_a_sentence(agent: Desk, cursor: str) -> None:
    assert agent.get(f"/antrean?antrean=semua&dari={cursor}").status_code == 422


@pytest.mark.parametrize("view", ["lain", "999999", "-1", "%00", "²", "9" * 40])
def test_a_list_that_is_not_there_gets_a_sentence(agent: Desk, view: str) -> None:
    assert agent.get(f"/antrean?antrean={view}").status_code == 422


def test_a_report_that_is_moved_here_or_reopened_is_new_here(
    clock: MovableClock, agent: Desk
) -> None:
    """Its id is an old one, so nothing may be counted by ids."""
    moved, settled = report("pungli"), report()
    with transaction():
        tickets.accept(settled.id, "user:1")
        tickets.resolve(settled.id, "Sudah.", "user:1")
    clock.forward(timedelta(minutes=5))  # their filing is no arrival of late any more
    since = agent.get("/antrean/baris?antrean=semua").headers["X-Cursor"]
    with transaction():
        changes.move(moved.id, queue_id("pengaduan"), "Bukan pungli.", "user:1")
    assert agent.newer("semua", since) == 1
    with transaction():
        tickets.reopen(settled.id, "user:1")
    assert agent.newer("semua", since) == 2


def test_a_report_that_was_filed_before_the_page_and_committed_after_it_is_new(
    clock: MovableClock, agent: Desk
) -> None:
    report()
    page = arrivals.Seen(clock.at, ())  # a page that could not see it yet
    assert agent.newer("semua", page.written()) == 1
    clock.forward(timedelta(minutes=2))
    since = agent.get("/antrean/baris?antrean=semua").headers["X-Cursor"]
    assert agent.newer("semua", since) == 0


@pytest.mark.parametrize("since", ["", "9" * 30, "-5", "abc", "%00", "²", "1." * 5000, "9" * 18])
def test_counting_from_nonsense_gets_a_sentence(agent: Desk, since: str) -> None:
    assert agent.get(f"/antrean/baru?antrean=semua&sejak={since}").status_code == 422


def test_a_page_costs_the_same_statements_however_long_the_list_is(agent: Desk) -> None:
    def sent() -> int:
        with statements() as collected:
            assert agent.get("/antrean?antrean=semua").status_code == 200
        whole = [one for one, _ in collected if "FROM" in one]
        return len(whole)

    fill(26)
    sent()  # what is kept in memory is read now
    few = sent()
    db.session.execute(text("UPDATE tickets SET number = 'Y' || number"))
    fill(1000)
    assert sent() <= few <= 5


def test_ten_thousand_open_reports_are_read_along_the_index(agent: Desk) -> None:
    fill(10_000)
    fill(10_000, "informasi")
    db.session.execute(text("ANALYZE tickets"))
    criterion = worklist.view_criterion(str(queue().id), 1, [queue()], now_of.now())
    with statements() as collected:
        page = worklist.page(criterion)
    assert len(page.tickets) == worklist.PAGE
    walked = plan(*collected[-1])
    assert "ix_tickets_queue_due" in walked
    assert "Seq Scan" not in walked
    assert "Sort" not in walked


def test_what_stands_beside_the_list_is_counted_along_indexes_by_one_plan(agent: Desk) -> None:
    fill(20_000)
    fill(3, "informasi")
    db.session.execute(text("ANALYZE tickets"))
    both = list(db.session.query(Queue).filter(Queue.key.in_(["pengaduan", "informasi"])))
    with statements() as collected:
        found = counts.read(1, both, now_of.now())
    statement, parameters = collected[-1]
    assert found.of["semua"] == counts.MOST + 1 + 3
    walked = plan(statement, parameters)
    assert "Seq Scan" not in walked
    # Which of them is the cheaper one changes with who holds what; all hold what is at work alone.
    walks = re.findall(r"using (\w+) on tickets", walked)
    names = ("queue_due", "assignee_due", "due", "unheld", "waiting", "arrived")
    assert len(walks) == walked.count(" on tickets") == 6
    assert set(walks) <= {f"ix_tickets_{name}" for name in names}


def test_the_words_of_a_wrong_cursor_are_a_sentence() -> None:
    with pytest.raises(Invalid, match=r"\w+ \w+"):
        worklist.page(worklist.view_criterion("semua", 1, [queue()], now_of.now()), "xx")


def test_the_ways_of_a_later_page_say_where_they_lead(agent: Desk) -> None:
    fill(60)
    ways = re.compile(r'rel="(first|next)" href="([^"]+)">([^<]+)')
    ((_, following, words),) = ways.findall(agent.get("/antrean?antrean=semua").text)
    assert words == "Halaman berikutnya"
    first, _ = ways.findall(agent.get(unescape(following)).text)
    assert first == ("first", "/antrean?antrean=semua", "Halaman pertama")
