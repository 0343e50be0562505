"""A thread of hundreds of lines: newest first to be seen, earlier ones a key away, none lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from accounts.rules.access import Role
from core import clock
from core.database import db, transaction
from helpdesk.conversations import conversation
from helpdesk.models import Message, Ticket
from tests.counting import plan, statements
from tests.integration.helpdesk.desk import Desk, fresh, report

pytestmark = pytest.mark.usefixtures("office")
LINES = 220  # with the report itself


@pytest.fixture
def agent(app: Flask) -> Desk:
    return Desk(app, "Rani", Role.AGENT, "pengaduan")


@pytest.fixture
def ticket() -> Ticket:
    one, start = report(), clock.now()
    with transaction():
        rows = [
            {
                "ticket_id": one.id,
                "seq": n,
                "kind": "PUBLIC",
                "author": "requester" if n % 2 else "user:1",
                "body": f"Baris {n}.",
                "at": start + timedelta(seconds=n),
            }
            for n in range(2, LINES + 1)
        ]
        db.session.execute(insert(Message), rows)
        db.session.get_one(Ticket, one.id).last_seq = LINES
    return fresh(one.id)


def numbers(page: str) -> list[int]:
    return [int(n) for n in re.findall(r"Baris (\d+)\.", page)]


def earlier(page: str) -> str:
    found = re.search(r'href="([^"]*sebelum=[^"]*)"[^>]*data-earlier', page)
    return found.group(1).replace("&amp;", "&") if found else ""


def test_the_page_shows_the_newest_lines_in_their_order(agent: Desk, ticket: Ticket) -> None:
    page = agent.get(f"/laporan/{ticket.number}").text
    assert numbers(page) == list(range(LINES - conversation.PAGE + 1, LINES + 1))


def test_going_back_page_by_page_meets_every_line_once(agent: Desk, ticket: Ticket) -> None:
    page = agent.get(f"/laporan/{ticket.number}").text
    met = numbers(page)
    while address := earlier(page):
        page = agent.get(address).text
        met = numbers(page) + met
        assert "data-thread " not in page  # a page of old lines does not grow
        assert f'href="/laporan/{ticket.number}#percakapan"' in page
    assert met == list(range(2, LINES + 1))


def test_the_citizen_reads_the_newest_too_and_never_a_note(agent: Desk, ticket: Ticket) -> None:
    agent.do(ticket, "catatan", text="Hanya untuk petugas.")
    now = clock.now()
    window = conversation.for_citizen(ticket, now)
    assert [line["seq"] for line in window.lines] == list(
        range(LINES - conversation.PAGE + 1, LINES + 1)
    )
    assert window.newest
    met = list(window.lines)
    while window.earlier is not None:
        window = conversation.for_citizen(ticket, now, window.earlier)
        met = window.lines + met
    assert [line["seq"] for line in met] == list(range(1, LINES + 1))
    assert all("petugas" not in line["text"] for line in met)


def test_lines_before_one_come_alone_for_a_page_that_is_open(agent: Desk, ticket: Ticket) -> None:
    page = agent.get(f"/laporan/{ticket.number}").text
    key = earlier(page).partition("sebelum=")[2].partition("#")[0]
    part = agent.get(f"/laporan/{ticket.number}/pesan?sebelum={key}").text
    assert len(numbers(part)) == conversation.PAGE
    assert "<main" not in part
    assert agent.get(f"/laporan/{ticket.number}/pesan?sebelum=0").status_code == 204


def test_lines_are_found_by_their_index(ticket: Ticket) -> None:
    with statements() as sent:
        conversation.for_office(ticket, clock.now(), 10**9)
        conversation.for_citizen(ticket, clock.now(), 100)
    pages = [one for one in sent if "FROM messages" in one[0]]
    assert len(pages) == 2
    for statement, parameters in pages:
        assert "Index" in plan(statement, parameters)


@pytest.mark.parametrize("words", ["abc", "-1", "99999999999999999999999", "", "1e3"])
def test_a_key_that_is_none_does_no_harm(agent: Desk, ticket: Ticket, words: str) -> None:
    assert agent.get(f"/laporan/{ticket.number}?sebelum={words}").status_code == 200
