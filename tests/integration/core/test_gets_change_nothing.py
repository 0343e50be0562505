"""No GET changes anything of the domain: each is asked by whoever may, and the tables are the same.

Such pages read on a connection that refuses writes (core.storage.reading), and one that opened a
transaction of its own would be seen by what it left behind.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

import prepare
from accounts.rules.access import Role
from core.assets import manifest
from core.database import Base, db
from helpdesk.models import Attachment, Ticket
from permits.models import PermitType
from tests.integration.helpdesk.desk import Desk
from tests.journeys.pages import Visitor, picture

# When a session was last in use is noted after any request.
NOTED = {"sessions"}
ASKED_WITH = {"desk.fresh_count": "?sejak=0"}
# Somebody else's photo is not there, nor a move before any publishing; without a sweeper the
# system is not ready.
REFUSED = {
    ("files.download", "public"): 404,
    ("calendars.progress", "ADMIN"): 404,
    **dict.fromkeys([("health.ready", who) for who in ("public", "guest", "AGENT")], 503),
}
IN_DEVELOPMENT = {"samples.components"}

State = dict[str, str | None]


def everything() -> State:
    """A fingerprint of each table."""
    tables = [name for name in Base.metadata.tables if name not in NOTED]
    whole = " UNION ALL ".join(
        f"SELECT '{t}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {t} t"  # noqa: S608
        for t in tables
    )
    with db.engine.connect() as connection:
        return {name: found for name, found in connection.execute(text(whole))}  # noqa: C416


@pytest.fixture
def town(committed_app: Flask) -> Iterator[dict[str, Visitor]]:
    """People of every kind: each role, somebody with none, a stranger, a citizen with a report."""
    with committed_app.app_context():
        prepare.starting_data()
        people: dict[str, Visitor] = {}
        for role in Role:
            people[role.value] = Desk(committed_app, role.value, role, "pengaduan")
        people["guest"] = Visitor(committed_app.test_client())
        people["guest"].report(files=(picture(), "foto.jpg"))
        people["public"] = Visitor(committed_app.test_client())
        yield people


def ways(app: Flask) -> list[tuple[str, str, list[str]]]:
    """Each GET route: its endpoint, an address of it, and who may ask it."""
    parts = {
        "number": db.session.scalars(select(Ticket.number)).one(),
        "attachment_id": db.session.scalars(select(Attachment.id)).one(),
        "user_id": 1,
        "key": "office",
        "move_id": 1,
        "metric": "RESOLUTION",
        "cycle": 1,
        "code": "en",
        "size": "large",
        "filename": next(iter(manifest().values())),
    }
    permit = db.session.scalars(select(PermitType.code).limit(1)).one()
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in IN_DEVELOPMENT:
            continue
        more = {"code": permit} if rule.endpoint == "permits.permit" else {}
        more |= {"key": "ordinary"} if rule.endpoint.startswith(("polic", "ladders")) else {}
        kind, roles = getattr(app.view_functions[rule.endpoint], "guard", ("public", frozenset()))
        who = {
            "public": ["public", "guest", Role.AGENT.value],
            "guest": ["guest"],
            "signed_in": [Role.AGENT.value],
            "staff": [role.value for role in roles or Role],
        }[kind]
        with app.test_request_context("/"):
            built = rule.build({k: {**parts, **more}[k] for k in rule.arguments})
        assert built is not None, rule.endpoint
        found.append((rule.endpoint, built[1] + ASKED_WITH.get(rule.endpoint, ""), who))
    db.session.remove()
    return found


def test_no_address_that_is_only_looked_at_changes_a_table(
    committed_app: Flask, town: dict[str, Visitor]
) -> None:
    asked = ways(committed_app)
    before = everything()
    for endpoint, address, who in asked:
        for name in who:
            status = town[name].get(address).status_code
            wanted = REFUSED.get((endpoint, name))
            assert (status == wanted) if wanted else (status < 400), (endpoint, name, status)
    assert everything() == before
    assert len(asked) > 25
    town["public"].report()
    assert everything() != before  # a change would have been seen
