"""Place and service corrected on the desk: dates follow, a later one is told with its reason."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core import clock, outbox
from core.database import db, transaction
from core.events import Event
from helpdesk.models import Place, Ticket
from sla import tracking
from sla.models import TimerRow
from sla.policies import order
from sla.proving import repair
from sla.recalculation import publishing
from sla.recalculation.publishing import Draft
from tests.integration.helpdesk.desk import Desk, bodies, fresh, report

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def agent(app: Flask) -> Desk:
    return Desk(app, "Rani", Role.AGENT, "pengaduan")


@pytest.fixture
def ticket(agent: Desk) -> Ticket:
    one = report()
    agent.do(one, "penerimaan", klass="COMPLAINT")
    return one


def promise(days: int, **conditions: list[str]) -> int:
    """A policy for a place or a service that settles in so many working days."""
    now, first = clock.now(), order.latest()[0]
    draft = Draft(
        name="Sendiri",
        position=first.position - 1,
        calendar_key="office",
        conditions=conditions,
        targets={"RESOLUTION": {"n": days, "unit": "days"}},
    )
    with transaction():
        return publishing.publish_policy("own", draft, valid_from=now, apply_to_open=False, at=now)


def place() -> Place:
    return db.session.scalars(select(Place).order_by(Place.id)).first()  # type: ignore[return-value]


def running(ticket: Ticket) -> TimerRow:
    rows = tracking.timers([ticket.ref])[ticket.ref]
    return next(r for r in rows if r.metric == "RESOLUTION" and r.stopped_at is None)


def test_a_place_with_a_sooner_promise_moves_the_date_and_the_log_says_where(
    agent: Desk,
) -> None:
    own = promise(2, area=[place().kecamatan])
    one = report()
    agent.do(one, "penerimaan", klass="COMPLAINT")
    before = running(one).due_at
    assert agent.do(one, "rincian", place=place().id).status_code == 303
    after = running(one)
    assert after.policy_id == own and before is not None and after.due_at is not None
    assert after.due_at < before
    event = db.session.scalars(
        select(Event).where(Event.subject == one.ref, Event.kind == "DETAILS_SET")
    ).one()
    assert (event.data["place"], event.data["policy"]) == (place().id, own)
    assert not repair.differs(one.ref)


def test_a_later_promise_needs_a_reason_and_tells_the_citizen(agent: Desk) -> None:
    service = "permit_type:SIP-DU"
    promise(40, service=[service])
    one = report()
    agent.do(one, "penerimaan", klass="COMPLAINT")
    refused = agent.do(one, "rincian", service=service)
    assert refused.status_code == 422
    assert 'id="details-reason-error"' in refused.text
    assert f'value="{service}" selected' in refused.text
    assert fresh(one.id).about_ref is None
    assert agent.do(one, "rincian", service=service, reason="Perlu survei.").status_code == 303
    assert "Perlu survei." in bodies(one, "AUTO")[0]
    outbox.drain("notify")
    assert fresh(one.id).about_ref == service


@pytest.mark.parametrize(
    "typed",
    [{"place": "999999"}, {"place": "x"}, {"service": "permit_type:TIDAK"}, {"service": "a\0b"}],
)
def test_what_is_not_listed_is_refused_beside_its_field(
    agent: Desk, ticket: Ticket, typed: dict[str, str]
) -> None:
    answer = agent.do(ticket, "rincian", **typed)
    assert answer.status_code == 422
    assert f'id="details-{next(iter(typed))}-error"' in answer.text


def test_what_it_says_already_is_no_change(agent: Desk, ticket: Ticket) -> None:
    assert agent.do(ticket, "rincian").status_code == 422


def test_the_long_lists_come_only_to_whoever_wants_to_choose(agent: Desk, ticket: Ticket) -> None:
    page = agent.get(f"/laporan/{ticket.number}").text
    assert "?ubah=rincian" in page and "details-service" not in page
    assert "details-service" in agent.get(f"/laporan/{ticket.number}?ubah=rincian").text
