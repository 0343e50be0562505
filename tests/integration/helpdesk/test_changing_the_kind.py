"""Class and category corrected until a report is closed: dates, reasons, who is told."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from accounts.rules.access import Role
from core.database import db, transaction
from core.events import Event
from helpdesk.models import Category, Ticket
from sla import tracking
from sla.rules.policy import Metric
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


def category(key: str) -> int:
    return int(db.session.scalars(select(Category.id).filter_by(key=key)).one())


def settled_by(ticket: Ticket) -> datetime | None:
    rows = tracking.timers([ticket.ref])[ticket.ref]
    due: datetime | None = next(r.due_at for r in rows if r.metric == Metric.RESOLUTION)
    return due


def told(ticket: Ticket) -> list[Event]:
    found = select(Event).where(Event.subject == ticket.ref, Event.kind == "TICKET_CLASSED")
    return list(db.session.scalars(found.order_by(Event.id)))


def test_a_shorter_promise_needs_no_reason_and_its_dates_follow(
    agent: Desk, ticket: Ticket
) -> None:
    before = settled_by(ticket)
    assert agent.do(ticket, "jenis", klass="INFORMATION").status_code == 303
    assert fresh(ticket.id).ticket_class == "INFORMATION"
    after = settled_by(ticket)
    assert before is not None and after is not None and after < before
    assert bodies(ticket, "AUTO") == []


def test_a_longer_promise_is_refused_without_a_reason(agent: Desk, ticket: Ticket) -> None:
    answer = agent.do(ticket, "jenis", klass="COMPLAINT", category=category("pungli"))
    assert answer.status_code == 422
    assert 'id="classify-reason-error"' in answer.text
    assert fresh(ticket.id).category_id is None
    assert told(ticket) == []


def test_a_longer_promise_tells_the_citizen_why(agent: Desk, ticket: Ticket) -> None:
    before = settled_by(ticket)
    chosen = category("pungli")
    answer = agent.do(
        ticket, "jenis", klass="COMPLAINT", category=chosen, reason="Perlu pemeriksaan."
    )
    assert answer.status_code == 303
    assert fresh(ticket.id).category_id == chosen
    after = settled_by(ticket)
    assert before is not None and after is not None and after > before
    assert "Perlu pemeriksaan." in bodies(ticket, "AUTO")[0]
    assert bodies(ticket, "NOTE") == []


def test_thanks_have_no_date_so_making_thanks_of_a_complaint_needs_a_reason(
    agent: Desk, ticket: Ticket
) -> None:
    assert agent.do(ticket, "jenis", klass="APPRECIATION").status_code == 422
    assert agent.do(ticket, "jenis", klass="APPRECIATION", reason="Pujian.").status_code == 303


def test_a_reason_that_nobody_had_to_give_stays_as_a_note(agent: Desk, ticket: Ticket) -> None:
    agent.do(ticket, "jenis", klass="INFORMATION", reason="Hanya bertanya.")
    assert bodies(ticket, "NOTE") == ["Hanya bertanya."]


def test_the_log_says_what_it_was_and_what_it_is(agent: Desk, ticket: Ticket) -> None:
    agent.do(ticket, "jenis", klass="INFORMATION", category=category("syarat"))
    data = told(ticket)[0].data
    assert (data["was"], data["class"]) == ("COMPLAINT", "INFORMATION")
    assert data["category"] == category("syarat")


def test_the_same_kind_once_more_is_no_change(agent: Desk, ticket: Ticket) -> None:
    assert agent.do(ticket, "jenis", klass="COMPLAINT").status_code == 422
    assert told(ticket) == []


def test_a_closed_report_stays_what_it_is(agent: Desk, ticket: Ticket) -> None:
    agent.do(ticket, "spam")
    assert agent.do(ticket, "jenis", klass="INFORMATION").status_code == 409
    assert fresh(ticket.id).ticket_class == "COMPLAINT"


def test_the_page_offers_it_only_after_acceptance(agent: Desk, ticket: Ticket) -> None:
    assert "act-classify" in agent.get(f"/laporan/{ticket.number}").text
    new = agent.get(f"/laporan/{report().number}").text
    assert "act-accept" in new
    assert "act-classify" not in new


def test_accepting_a_report_without_a_topic_does_not_choose_one(agent: Desk) -> None:
    one = report()
    page = agent.get(f"/laporan/{one.number}").text
    field = page.split('id="accept-category"')[1].split("</select>")[0]
    assert field.split("<option")[1].startswith(' value="">')
    assert "selected" not in field


def shut_off(key: str) -> int:
    with transaction() as session:
        session.execute(update(Category).where(Category.key == key).values(active=False))
    return category(key)


def test_a_topic_that_was_shut_off_stays_with_the_report_that_has_it(agent: Desk) -> None:
    one = report("izin-terlambat")
    old = shut_off("izin-terlambat")
    page = agent.get(f"/laporan/{one.number}").text
    field = page.split('id="accept-category"')[1].split("</select>")[0]
    assert f'<option value="{old}" selected>' in field
    assert agent.do(one, "penerimaan", klass="COMPLAINT", category=old).status_code == 303
    assert fresh(one.id).category_id == old
    assert told(one) == []
    assert agent.do(one, "jenis", klass="INFORMATION", category=old).status_code == 303
    assert fresh(one.id).category_id == old


def test_a_topic_that_was_shut_off_is_given_to_no_other_report(agent: Desk, ticket: Ticket) -> None:
    old = shut_off("syarat")
    assert f'<option value="{old}"' not in agent.get(f"/laporan/{ticket.number}").text
    assert agent.do(ticket, "jenis", klass="COMPLAINT", category=old).status_code == 422
    assert fresh(ticket.id).category_id is None
