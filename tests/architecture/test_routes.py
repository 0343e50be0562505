"""The route × role matrix: who may open what, written out; a route that is missing here fails.

ANYONE is open on purpose, SIGNED_IN asks for an account, GUEST for a code and PIN, STAFF for any
role, and a set of roles for one of them. A new endpoint gets its mark (accounts.guard) and a line.
"""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.joining import create_user, newcomer
from accounts.rules.access import Role
from core.database import transaction

Guard = tuple[str, frozenset[Role]]

ANYONE: Guard = ("public", frozenset())
SIGNED_IN: Guard = ("signed_in", frozenset())
GUEST: Guard = ("guest", frozenset())
STAFF: Guard = ("staff", frozenset())


def only(*roles: Role) -> Guard:
    return ("staff", frozenset(roles))


ADMINS = only(Role.ADMIN)
DESK = only(Role.AGENT, Role.SUPERVISOR, Role.COUNTER, Role.INSPECTOR)
FIGURES = only(Role.SUPERVISOR, Role.LEADER)
ACTS = [
    "answer",
    "ask",
    "resolve",
    "note",
    "take",
    "assign",
    "accept",
    "classify",
    "details",
    "move",
    "priority",
    "hold",
    "resume",
    "refuse",
    "forward",
    "spam",
    "duplicate",
    "reopen",
]

LOOKING = only(Role.SUPERVISOR, Role.INSPECTOR)
LEVELS = only(Role.SUPERVISOR, Role.INSPECTOR, Role.LEADER)
HELD_UP = ["index", "try_again", "give_up", "try_all_again", "send_again", "leave"]
CALENDARS = ["index", "add", "show", "file", "preview", "publish", "progress"]
POLICY_EDITS = ["new", "edit", "due", "preview", "publish"]
CALENDAR_EDITS = ["week", "days", "span", "remove_span", "file"]

MATRIX: dict[str, Guard] = {
    "ledgers.mine": GUEST,
    "ledgers.office": DESK,
    **{f"causes.{page}": DESK for page in ("index", "give", "excuse", "withdraw")},
    "patterns.index": LOOKING,
    "patterns.look_at": LOOKING,
    "citizen_windows.index": ADMINS,
    "citizen_windows.choose": ADMINS,
    "pattern_sizes.index": ADMINS,
    "pattern_sizes.change": ADMINS,
    "escalations.index": LEVELS,
    "escalations.take": LEVELS,
    "escalations.give_back": LEVELS,
    "escalations.settle": LEVELS,
    "accounts.login_form": ANYONE,
    "accounts.sign_in": ANYONE,
    "accounts.sign_out": ANYONE,
    "accounts.sign_out_everywhere": SIGNED_IN,
    "accounts.account": SIGNED_IN,
    "accounts.change_password": SIGNED_IN,
    "accounts.choose_letters": SIGNED_IN,
    "people.index": ADMINS,
    "people.add_form": ADMINS,
    "people.add": ADMINS,
    "people.person": ADMINS,
    "people.set_roles": ADMINS,
    "people.give_password": ADMINS,
    "people.deactivate": ADMINS,
    "people.reactivate": ADMINS,
    "permits.index": ANYONE,
    "permits.permit": ANYONE,
    "public.home": ANYONE,
    "public.report": ANYONE,
    "public.send_report": ANYONE,
    "public.receipt": ANYONE,
    "tracking.door": ANYONE,
    "tracking.enter": ANYONE,
    "tracking.mine": GUEST,
    "tracking.fresh": GUEST,
    "tracking.reply": GUEST,
    "tracking.withdraw": GUEST,
    "tracking.leave": ANYONE,
    "preferences.language": ANYONE,
    "preferences.text_size": ANYONE,
    "files.download": ANYONE,  # asks for each file who is looking
    "desk.queue": DESK,
    "desk.rows": DESK,
    "desk.fresh_count": DESK,
    "desk.ticket": DESK,
    "desk.fresh": DESK,
    "desk.notice_list": STAFF,
    "desk.notices_read": STAFF,
    **{f"desk_acts.{act}": DESK for act in ACTS},
    "routing.index": ADMINS,
    "routing.add": ADMINS,
    "routing.up": ADMINS,
    "routing.down": ADMINS,
    "routing.remove": ADMINS,
    "routing.members": ADMINS,
    **{f"held_up.{page}": ADMINS for page in HELD_UP},
    **{f"levels.{part}": ADMINS for part in ("index", "name", "turn", "take_off")},
    **{f"leaves.{part}": STAFF for part in ("index", "grant", "end")},
    **{f"policies.{name}": ADMINS for name in ("index", "show", "place", "retire")},
    **{f"policy_edits.{name}": ADMINS for name in POLICY_EDITS},
    "ladders.show": ADMINS,
    "ladders.change": ADMINS,
    **{f"calendars.{page}": ADMINS for page in CALENDARS},
    **{f"calendar_edits.{part}": ADMINS for part in CALENDAR_EDITS},
    "breaches.index": FIGURES,
    "breaches.csv_file": only(Role.SUPERVISOR),
    "seals.index": only(Role.ADMIN, Role.LEADER),
    "samples.components": ANYONE,  # in development only
}

# Endpoints below accounts in the layers, or not ours: open by nature, without a mark.
OPEN_BY_NATURE = {"static", "health.live", "health.ready"}

# What a page of this kind always asks with.
ASKED_WITH = {"desk.fresh_count": "?sejak=0"}

PASSWORD = "kuda benar baterai jepit"
REFUSED = {302, 403}


def _endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()} - OPEN_BY_NATURE


def test_every_route_stands_in_the_matrix(app: Flask) -> None:
    assert _endpoints(app) - set(MATRIX) == set()


def test_every_route_carries_the_guard_that_the_matrix_names(app: Flask) -> None:
    wrong = {
        endpoint: getattr(app.view_functions[endpoint], "guard", None)
        for endpoint in _endpoints(app) & set(MATRIX)
        if getattr(app.view_functions[endpoint], "guard", None) != MATRIX[endpoint]
    }
    assert wrong == {}


def _simple_pages(app: Flask) -> list[tuple[str, str]]:
    """GET routes without parts to fill in: (endpoint, path)."""
    return [
        (rule.endpoint, rule.rule + ASKED_WITH.get(rule.endpoint, ""))
        for rule in app.url_map.iter_rules()
        if rule.endpoint in MATRIX and "GET" in (rule.methods or ()) and not rule.arguments
    ]


@pytest.mark.usefixtures("office")
def test_strangers_get_no_further_than_the_public_pages(app: Flask, client: FlaskClient) -> None:
    for endpoint, path in _simple_pages(app):
        answer = client.get(path)
        if MATRIX[endpoint] == ANYONE:
            assert answer.status_code < 400, endpoint
        else:
            assert answer.status_code == 302, endpoint


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_opens_what_the_matrix_gives_it(
    app: Flask, client: FlaskClient, role: Role | None
) -> None:
    who = newcomer(name="Sari", email="r@kota.example", password=PASSWORD)
    with transaction():
        create_user(who, roles=[role] if role else [])
    _sign_in(app, client)
    for endpoint, path in _simple_pages(app):
        kind, roles = MATRIX[endpoint]
        allowed = kind in ("public", "signed_in") or (
            kind == "staff" and role is not None and (not roles or role in roles)
        )
        status = client.get(path).status_code
        assert status < 400 if allowed else status in REFUSED, (endpoint, role, status)


def _sign_in(app: Flask, client: FlaskClient) -> None:
    before = app.config["WTF_CSRF_METHODS"]
    app.config["WTF_CSRF_METHODS"] = []
    client.post("/masuk", data={"email": "r@kota.example", "password": PASSWORD})
    app.config["WTF_CSRF_METHODS"] = before
