"""Wrong tries by a stranger do not shut out those who are in the right."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts import cookies
from accounts.rules.access import Role
from helpdesk.web import guesses
from tests.integration.accounts.people import somebody
from tests.journeys.pages import PASSWORD, Visitor

pytestmark = pytest.mark.usefixtures("office")


class From(Visitor):
    """A visitor at an address."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        super().__init__(client)
        client.environ_base["REMOTE_ADDR"] = address

    def track(self, code: str, pin: str) -> TestResponse:
        return self.send("/lacak", "/lacak", code=code, pin=pin)


@pytest.fixture
def citizen(app: Flask) -> Visitor:
    found = From(app.test_client(), "203.0.113.1")
    found.report("Izin saya belum terbit.")
    return found


def wrong(pin: str) -> str:
    return "000000" if pin.replace(" ", "") != "000000" else "111111"


def at(app: Flask, address: str) -> From:
    return From(app.test_client(), address)


def test_one_address_uses_up_its_own_tries_and_nobody_elses(app: Flask, citizen: Visitor) -> None:
    code, pin = citizen.code_and_pin()
    stranger = at(app, "198.51.100.9")
    said = [stranger.track(f"AAAA{n:06}", "123456").status_code for n in range(101)]
    assert said == [422] * guesses.PER_ADDRESS + [429]
    assert stranger.track(code, pin).status_code == 429
    assert at(app, "203.0.113.80").track(code, pin).status_code == 303


def test_a_line_of_ipv6_is_one_address(app: Flask, monkeypatch: Any) -> None:
    monkeypatch.setitem(app.config, "LIMITS", {"code-address": 3})
    said = [
        at(app, f"2001:db8::{n}").track(f"AAAA{n:06}", "123456").status_code for n in range(1, 5)
    ]
    assert said == [422, 422, 422, 429]


def test_above_the_overall_limit_whoever_holds_a_receipt_does_not_wait(
    app: Flask, citizen: Visitor, monkeypatch: Any
) -> None:
    code, pin = citizen.code_and_pin()
    other = at(app, "203.0.113.2")
    other.report("Jalan di depan rumah saya rusak.")
    monkeypatch.setitem(app.config, "LIMITS", {"code-all": 3})
    said = [at(app, f"198.51.100.{n}").track("AAAAAAAAAA", "1").status_code for n in range(1, 5)]
    assert said == [422, 422, 422, 429]
    assert at(app, "203.0.113.90").track(code, pin).status_code == 429
    assert other.track(code, pin).status_code == 303
    assert citizen.track(code, pin).status_code == 303


@pytest.mark.parametrize("how", ["filed", "opened"])
def test_strangers_who_know_a_code_cannot_lock_its_owner_out(
    app: Flask, citizen: Visitor, how: str
) -> None:
    code, pin = citizen.code_and_pin()
    owner = citizen
    if how == "opened":
        owner = at(app, "203.0.113.1")
        assert owner.track(code, pin).status_code == 303
    stranger = at(app, owner.client.environ_base["REMOTE_ADDR"])
    said = [stranger.track(code, wrong(pin)).status_code for _ in range(11)]
    assert said == [422] * 10 + [429]
    owner.client.delete_cookie(cookies.GUEST)
    assert owner.send("/lacak", "/lacak", code=code.lower(), pin=pin).status_code == 303


def test_a_receipt_opens_no_endless_guessing_at_anybodys_pin(app: Flask, citizen: Visitor) -> None:
    code, pin = citizen.code_and_pin()
    thief = at(app, "198.51.100.9")
    thief.report("Laporan saya sendiri.")
    said = [thief.track(code, wrong(pin)).status_code for _ in range(11)]
    assert said == [422] * 10 + [429]
    mine = thief.code_and_pin()[0]
    said = [thief.track(mine, wrong(pin)).status_code for _ in range(11)]
    assert said[-1] == 429


def test_a_forged_receipt_is_worth_nothing(app: Flask, citizen: Visitor, monkeypatch: Any) -> None:
    code, pin = citizen.code_and_pin()
    monkeypatch.setitem(app.config, "LIMITS", {"code-all": 0})
    forger = at(app, "198.51.100.9")
    device = citizen.client.get_cookie(cookies.RECEIPTS)
    assert device is not None
    forger.client.set_cookie(cookies.RECEIPTS, device.value[:-2] + "xx")
    assert forger.track(code, pin).status_code == 429


def test_whoever_has_to_wait_finds_what_they_typed(app: Flask, monkeypatch: Any) -> None:
    monkeypatch.setitem(app.config, "LIMITS", {"code-address": 0})
    answer = at(app, "198.51.100.9").track("K7QF-2M9X-4R", "123456")
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert 'value="K7QF-2M9X-4R"' in answer.text and "123456" not in answer.text


def test_wrong_passwords_from_one_address_stop_nobody_elsewhere(
    app: Flask, monkeypatch: Any
) -> None:
    somebody(roles=[Role.AGENT])
    monkeypatch.setitem(app.config, "LIMITS", {"login-address": 3})
    stranger = at(app, "198.51.100.9")
    said = [
        stranger.send("/masuk", "/masuk", email=f"a{n}@b.example", password="x").status_code
        for n in range(4)
    ]
    assert said == [422, 422, 422, 429]
    owner = at(app, "203.0.113.80")
    sent = owner.send("/masuk", "/masuk", email="sari@kota.example", password=PASSWORD)
    assert sent.status_code == 303
