"""A queue that was shut takes nothing new; what lies there stays on somebody's list."""

from __future__ import annotations

import pytest
from flask import Flask

from accounts.rules.access import Role
from core.database import transaction
from helpdesk.models import Queue, Ticket
from tests.integration.helpdesk.desk import Desk, fresh, queue_id, report

pytestmark = pytest.mark.usefixtures("office")

NAME = "Tim Pengaduan"


@pytest.fixture
def left() -> Ticket:
    """A report in a queue that was shut afterwards."""
    ticket = report()
    with transaction() as session:
        queue = session.get_one(Queue, queue_id("pengaduan"))
        queue.name, queue.active = NAME, False
    return fresh(ticket.id)


@pytest.mark.parametrize(("role", "queues"), [(Role.SUPERVISOR, []), (Role.AGENT, ["pengaduan"])])
def test_what_lies_in_it_is_read_and_worked_on_as_before(
    app: Flask, left: Ticket, role: Role, queues: list[str]
) -> None:
    desk = Desk(app, "Wulan", role, *queues)
    for view in ("semua", str(left.queue_id)):
        assert left.number in desk.get(f"/antrean?antrean={view}").text
    assert desk.get(f"/laporan/{left.number}").status_code == 200
    assert desk.do(left, "penerimaan", klass="COMPLAINT").status_code == 303
    assert fresh(left.id).status == "OPEN"


def test_it_leaves_the_menu_once_nothing_lies_there(app: Flask, left: Ticket) -> None:
    supervisor = Desk(app, "Wulan", Role.SUPERVISOR)
    menu = f'/antrean?antrean={left.queue_id}"'
    assert menu in supervisor.get("/antrean").text
    there = {"queue": queue_id("kesehatan"), "reason": "Bukan urusan kami."}
    assert supervisor.do(left, "antrean", **there).status_code == 303
    assert menu not in supervisor.get("/antrean").text
