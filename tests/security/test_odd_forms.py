"""Whatever stands in whichever field of whichever form: a plain answer, and never a bug's page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models import User
from accounts.rules.access import Role
from core.database import db
from core.events import Event
from helpdesk.models import Message, Ticket
from tests.integration.helpdesk.desk import Desk, report
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")

FIELDS = (
    "again", "agency", "assignee", "body", "category", "cause", "clock", "code", "confirmed",
    "email", "files", "first", "fri", "holidays", "hours", "key", "kind", "klass", "last",
    "letters", "level", "like", "mon", "n", "name", "near", "new", "next", "note", "old", "open",
    "other", "password", "people", "person", "permit_type", "phone", "pin", "place", "priority",
    "public_ok", "queue", "reason", "remark", "roles", "service", "since", "substitute", "tahun",
    "text", "timezone", "unit", "until", "was", "way",
)  # fmt: skip
OF_POLICIES = (
    "at_date", "at_time", "begins", "c-area", "c-class", "c-tag", "calendar_key", "clock-UPDATE",
    "date", "duty", "n-RESOLUTION", "n-UPDATE", "seen", "time", "unit-UPDATE",
    "do", "s0-do", "s0-hours", "s0-n", "s0-when", "steps", "version",
)  # fmt: skip
ODD = [
    "\0",
    "\u202e\u2066\ufeff",
    "x" * 20_000,
    "-1",
    "9" * 40,
    "\u00b2\u0661",
    "1e9999",
    "' OR 1=1 --",
    "{{7*7}}${7*7}<script>",
    "a\r\nX-Evil: 1",
    "%00%ff",
    "\U0001f600" * 300,
]
NEVER = {"accounts.sign_out", "accounts.sign_out_everywhere", "tracking.leave"}  # they end the test


def _addresses(app: Flask, number: str) -> Iterator[tuple[str, str]]:
    parts = {
        "number": number, "user_id": "999999", "queue_id": "1", "route_id": "1", "span_id": "1",
        "escalation_id": "1", "sighting_id": "1", "event_id": "1", "mail_id": "1",
        "cycle": "1",
        "subscriber": "notify",
        "line_id": "1", "leave_id": "1", "metric": "RESOLUTION",
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint not in NEVER:
            path = rule.rule
            of_policies = rule.endpoint.startswith(("polic", "ladders"))
            parts["key"] = "information" if of_policies else "office"
            for name in rule.arguments:
                path = path.replace(f"<{name}>", parts[name]).replace(f"<int:{name}>", parts[name])
            yield rule.endpoint, path


@pytest.fixture
def everybody(app: Flask) -> Desk:
    """Somebody with every role, who is also a guest."""
    person = Desk(app, "Semua", Role.AGENT, "pengaduan", "kesehatan")
    db.session.get_one(User, person.id).roles = sorted(Role)
    db.session.commit()
    person.report("Laporan sendiri")
    person.token = person.hidden("/akun")["csrf_token"]
    return person


@pytest.mark.parametrize("value", ODD, ids=ascii)
def test_no_field_breaks_a_form(app: Flask, everybody: Desk, value: str) -> None:
    ticket = report()
    shown_again = 0
    for endpoint, path in _addresses(app, ticket.number):
        data = {**dict.fromkeys(FIELDS + OF_POLICIES, value), "csrf_token": everybody.token}
        answer = everybody.client.post(path, data=data)
        assert answer.status_code < 500, (endpoint, value)
        assert "X-Evil" not in answer.headers
        shown_again += answer.status_code == 422
    assert shown_again > 5  # the forms were reached


def test_no_form_without_its_token_does_anything(app: Flask, everybody: Desk) -> None:
    ticket = report()
    foreign = Visitor(app.test_client()).hidden("/lapor")["csrf_token"]
    before = _rows()
    for endpoint, path in _addresses(app, ticket.number):
        for token in ("", "x", foreign):
            data = {
                "csrf_token": token, "text": "Halo", "klass": "COMPLAINT", "key": "k" * 32,
                "reason": "Ya", "queue": "2", "roles": "ADMIN", "priority": "HIGH",
                "password": "sebuah kucing oranye di atap", "name": "A", "email": "a@b.example",
            }  # fmt: skip
            assert everybody.client.post(path, data=data).status_code in (400, 404, 422), endpoint
    assert _rows() == before


def _rows() -> list[int]:
    tables = (Ticket, Message, Event, User)
    return [
        db.session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
    ]
