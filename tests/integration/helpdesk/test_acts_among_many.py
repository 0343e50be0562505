"""What an act, a sweep and the readers of the log ask for among ten thousand reports: each along an
index, so that none takes longer the more there is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from accounts.rules.access import Role
from core import clock as core_clock
from core import outbox
from core.clock import MovableClock
from core.seals import log, sealing
from helpdesk.models import Ticket
from helpdesk.patterns import reading
from sla.sweeps import sweeper
from tests.counting import Sent, plan, statements
from tests.integration.helpdesk.among_many import among_many, walked_whole
from tests.integration.helpdesk.desk import Desk

__all__ = ["among_many"]
pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def agent(app: Flask, clock: MovableClock) -> Desk:
    return Desk(app, "Rani", Role.AGENT, "pengaduan")


def walked(sent: Sent) -> list[str]:
    """The plans of what goes through the log from a place on."""
    return [plan(s, p) for s, p in sent if "FROM events" in s and "xid, id) >" in s]


def test_an_act_reads_its_own_report_alone(agent: Desk, among_many: Ticket) -> None:
    acts = (
        ("penerimaan", {"klass": "COMPLAINT"}),
        ("jawaban", {"text": "Kami periksa."}),
        ("pertanyaan", {"text": "Nomor berkasnya?"}),
        ("lanjut", {}),
        ("penyelesaian", {"text": "Sudah terbit."}),
        ("pembukaan", {"text": "Belum."}),
    )
    for act, fields in acts:
        with statements() as sent:
            assert agent.do(among_many, act, **fields).status_code == 303
        assert walked_whole(sent) == [], act


def test_a_missed_promise_and_all_that_follows_read_their_own_reports_alone(
    among_many: Ticket, clock: MovableClock
) -> None:
    clock.forward(timedelta(days=30))
    with statements() as sent:
        assert sweeper.sweep(clock.at) > 0
        for name in outbox.HANDLERS:
            outbox.drain(name)
    assert walked_whole(sent) == []


def test_the_log_is_read_in_the_order_of_its_index(among_many: Ticket) -> None:
    """A reader goes on from its place along the index. Ordered by the number that it reads out
    instead of by the column, all that follows would be sorted, again for each batch."""
    now = core_clock.now()
    readers = (
        lambda: reading.look_at_batch(batch=50),
        lambda: next(log.events(0, log.NO_CEILING)),
        lambda: sealing.seal_batch(now),
    )
    for read in readers:
        with statements() as sent:
            read()
        plans = walked(sent)
        assert plans
        keys = [line for one in plans for line in one.splitlines() if "Sort Key" in line]
        assert not [line for line in keys if "::" in line]
