"""As in production: people come by https, a proxy speaks to us, and browsers send no Referer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.rules.access import Role
from core.database import db
from core.running.throwaway import Servers
from tests.journeys.pages import Visitor, person

ADDRESS = "https://lapor.kota.example"
PROXY = {
    "HTTP_HOST": "lapor.kota.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_FOR": "203.0.113.7",
    "HTTP_X_FORWARDED_HOST": "lapor.kota.example",
}


@pytest.fixture
def https(servers: Servers) -> Iterator[Flask]:
    from app import create_app
    from prepare import starting_data

    with servers.cloned() as database:
        settings = servers.settings(database, BASE_URL=ADDRESS, TRUSTED_PROXIES="1")
        made = create_app(settings=settings)
        with made.app_context():
            starting_data()
        yield made
        with made.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def browser(https: Flask) -> FlaskClient:
    client = https.test_client()
    client.environ_base.update(PROXY)
    return client


def _cookies(answer: TestResponse) -> list[str]:
    return answer.headers.getlist("Set-Cookie")


def test_a_report_is_filed_and_found_again_with_cookies_for_https_only(
    browser: FlaskClient,
) -> None:
    visitor = Visitor(browser)
    page = visitor.get("/lapor")
    assert "max-age=" in page.headers["Strict-Transport-Security"]
    sent = visitor.report()
    assert sent.status_code == 303, sent.text
    given = [*_cookies(page), *_cookies(sent)]
    assert len(given) >= 2
    for cookie in given:
        assert cookie.startswith("__Host-")
        assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    visitor.come_back(*visitor.code_and_pin())


def test_the_office_signs_in(https: Flask, browser: FlaskClient) -> None:
    with https.app_context():
        person("Rani", "rani@kota.example", Role.AGENT, "pengaduan")
    Visitor(browser).sign_in("rani@kota.example")
    assert browser.get("/antrean").status_code == 200


def test_a_form_without_its_token_is_refused_all_the_same(browser: FlaskClient) -> None:
    Visitor(browser).get("/masuk")
    answer = browser.post("/masuk", data={"email": "a@b.example", "password": "x"})
    assert answer.status_code == 400


@pytest.mark.usefixtures("office")
def test_on_plain_http_cookies_have_plain_names(client: FlaskClient) -> None:
    cookies = _cookies(client.get("/lapor"))
    assert cookies
    assert not any("__Host-" in cookie or "Secure" in cookie for cookie in cookies)
