"""Mails of a whole system: killed workers and a server that is away lose none."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from core.database import transaction
from helpdesk import filing, tickets
from helpdesk.rules.vocabulary import TicketClass
from tests.faults.office import Inside
from tests.faults.whole import Whole, free_port, state_folder, until, whole
from tests.integration.core.post_office import PostOffice, open_office

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(400),
]


@pytest.fixture(scope="module")
def smtp_port() -> int:
    """Where the system sends its mails; nobody listens there but in tests that open an office."""
    return free_port()


@pytest.fixture(scope="module")
def system(smtp_port: int) -> Iterator[Whole]:
    """Of its own: what others break is told to supervisors by mail."""
    address = f"smtp://127.0.0.1:{smtp_port}"
    with state_folder() as state, whole(state, SMTP_URL=address, WEB_WORKERS="1") as started:
        yield started


@pytest.fixture(scope="module")
def inside(system: Whole) -> Inside:
    return Inside(system)


@pytest.fixture
def since(inside: Inside) -> int:
    """The last mail before the test: others' are no concern of it."""
    with inside.look(), transaction() as session:
        return int(session.execute(text("SELECT coalesce(max(id), 0) FROM mails")).scalar_one())


def file(inside: Inside) -> int:
    one = filing.Filing(
        TicketClass.COMPLAINT, "Kata-kata.", secrets.token_hex(16), email="siti@warga.example"
    )
    with inside.look(), transaction():
        return filing.file(one).ticket_id


def stand(inside: Inside, since: int) -> list[tuple[str, str | None]]:
    """State and outcome of the test's own mails."""
    with inside.look():
        rows = inside.app.extensions["sqlalchemy"].session.execute(
            text("SELECT state, outcome FROM mails WHERE id > :since ORDER BY id"),
            {"since": since},
        )
        return [(row.state, row.outcome) for row in rows]


def make_due(inside: Inside) -> None:
    """As if the lease or the wait were over."""
    with inside.look(), transaction() as session:
        session.execute(text("UPDATE mails SET send_at = clock_timestamp() WHERE state='WAITING'"))


class Killing(PostOffice):
    """Takes the first mail, and the worker dies before it hears so."""

    def __init__(self, port: int, system: Whole) -> None:
        super().__init__(port)
        self.system = system

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.arrived) == 1:
            worker = self.system.child("jobs")
            assert worker is not None
            os.kill(worker, signal.SIGKILL)
        return answer


def test_a_mail_whose_sender_died_before_its_mark_comes_once_more_under_the_same_id(
    system: Whole, inside: Inside, smtp_port: int, since: int
) -> None:
    with open_office(Killing(smtp_port, system)) as office:
        file(inside)
        until(lambda: len(office.arrived) == 1, "the mail")
        until(lambda: stand(inside, since) == [("WAITING", "UNKNOWN")], "a mail of unknown end")
        until(lambda: system.child("jobs"), "another worker")
        file(inside)
        until(lambda: len(office.arrived) == 2, "the next mail, while the first is leased")
        make_due(inside)
        until(lambda: stand(inside, since) == [("SENT", "TAKEN")] * 2, "both marks")
        assert len(office.arrived) == 3
        assert office.ids[2] == office.ids[0] != office.ids[1]


def test_acts_go_on_while_the_mail_server_is_away_and_their_mails_arrive_afterwards(
    system: Whole, inside: Inside, smtp_port: int, since: int
) -> None:
    ids = [file(inside) for _ in range(3)]
    until(lambda: ("WAITING", "AWAY") in stand(inside, since), "a try that failed")
    with inside.look(), transaction():
        tickets.answer(ids[0], "Sedang diurus.", "system")
    assert system.ready()
    until(lambda: len(stand(inside, since)) == 4, "all orders, whatever the server does")
    assert {state for state, _ in stand(inside, since)} == {"WAITING"}
    with open_office(PostOffice(smtp_port)) as office:
        make_due(inside)
        until(lambda: stand(inside, since) == [("SENT", "TAKEN")] * 4, "all mails")
        assert len(set(office.ids)) == len(office.ids) == 4
