"""Mails of a whole system: killed workers and a server that is away lose none."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from core.database import transaction
from helpdesk import filing, tickets
from helpdesk.rules.vocabulary import TicketClass
from tests.faults.office import Inside
from tests.faults.whole import Whole, state_folder, until, whole
from tests.integration.core.post_office import PostOffice, open_office

pytestmark = [
    pytest.mark.faults,
    pytest.mark.xdist_group("whole systems"),
    pytest.mark.timeout(400),
]


@contextmanager
def running(office: PostOffice) -> Iterator[tuple[Whole, Inside]]:
    address = f"smtp://127.0.0.1:{office.port}"
    with state_folder() as state, whole(state, SMTP_URL=address) as system:
        yield system, Inside(system)


def file(inside: Inside) -> int:
    one = filing.Filing(
        TicketClass.COMPLAINT, "Kata-kata.", secrets.token_hex(16), email="siti@warga.example"
    )
    with inside.look(), transaction():
        return filing.file(one).ticket_id


def stand(inside: Inside) -> list[tuple[str, str | None]]:
    """State and outcome of the mails that were not of the demonstration."""
    with inside.look():
        rows = inside.app.extensions["sqlalchemy"].session.execute(
            text("SELECT state, outcome FROM mails WHERE state <> 'DROPPED' ORDER BY id")
        )
        return [(row.state, row.outcome) for row in rows]


def make_due(inside: Inside) -> None:
    """As if the lease or the wait were over."""
    with inside.look(), transaction() as session:
        session.execute(text("UPDATE mails SET send_at = clock_timestamp() WHERE state='WAITING'"))


class Killing(PostOffice):
    """Takes the first mail, and the worker dies before it hears so."""

    system: Whole

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.arrived) == 1:
            worker = self.system.child("jobs")
            assert worker is not None
            os.kill(worker, signal.SIGKILL)
        return answer


def test_a_mail_whose_sender_died_before_its_mark_comes_once_more_under_the_same_id() -> None:
    office = Killing()
    with open_office(office), running(office) as (system, inside):
        office.system = system
        file(inside)
        until(lambda: len(office.arrived) == 1, "the mail")
        until(lambda: stand(inside) == [("WAITING", "UNKNOWN")], "a mail of unknown end")
        until(lambda: system.child("jobs"), "another worker")
        file(inside)
        until(lambda: len(office.arrived) == 2, "the next mail, while the first is leased")
        make_due(inside)
        until(lambda: stand(inside) == [("SENT", "TAKEN")] * 2, "both marks")
        assert len(office.arrived) == 3
        assert office.ids[2] == office.ids[0] != office.ids[1]


def test_acts_go_on_while_the_mail_server_is_away_and_their_mails_arrive_afterwards() -> None:
    office = PostOffice()
    with running(office) as (system, inside):
        ids = [file(inside) for _ in range(3)]
        until(lambda: ("WAITING", "AWAY") in stand(inside), "a try that failed")
        with inside.look(), transaction():
            tickets.answer(ids[0], "Sedang diurus.", "system")
        assert system.ready()
        until(lambda: len(stand(inside)) == 4, "all orders, whatever the server does")
        assert {state for state, _ in stand(inside)} == {"WAITING"}
        with open_office(office):
            make_due(inside)
            until(lambda: stand(inside) == [("SENT", "TAKEN")] * 4, "all mails")
            assert len(set(office.ids)) == len(office.ids) == 4
