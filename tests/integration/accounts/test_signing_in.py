"""Signing in and out over HTTP."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import cookies, login
from accounts.models import Session
from accounts.people import deactivate, give_password, new_password
from core.database import db, transaction
from core.events import Event
from tests.integration.accounts.people import GOOD, OTHER, sign_in, somebody

pytestmark = pytest.mark.usefixtures("db_session")


def test_the_right_password_opens_the_page_that_was_asked_for(client: FlaskClient) -> None:
    somebody()
    asked = client.get("/akun")
    assert asked.status_code == 302
    assert asked.location == "/masuk?next=%2Fakun%3F" or asked.location == "/masuk?next=%2Fakun"
    answer = sign_in(client, next="/akun")
    assert (answer.status_code, answer.location) == (303, "/akun")
    assert "Sari Wulandari" in client.get("/akun").text


def test_the_address_may_be_typed_in_any_case(client: FlaskClient) -> None:
    somebody()
    assert sign_in(client, " SARI@Kota.Example ").status_code == 303


def test_another_site_is_never_the_way_back(client: FlaskClient) -> None:
    somebody()
    assert "evil" not in sign_in(client, next="//evil.example/").location


def test_unknown_mistyped_and_shut_off_look_alike(client: FlaskClient) -> None:
    shut = somebody("lama@kota.example")
    somebody()
    with transaction():
        deactivate(shut.id, actor="system")
    answers = [
        sign_in(client, "tidak@ada.example"),
        sign_in(client, "sari@kota.example", "salah sekali ini"),
        sign_in(client, "lama@kota.example", GOOD),
    ]
    assert {a.status_code for a in answers} == {422}
    pages = {
        a.text.replace(email, "")
        for a, email in zip(
            answers, ["tidak@ada.example", "sari@kota.example", "lama@kota.example"], strict=True
        )
    }
    assert len({_without_tokens(page) for page in pages}) == 1


def _without_tokens(page: str) -> str:
    return "\n".join(
        line for line in page.splitlines() if "token" not in line and "now" not in line
    )


def test_what_was_typed_stays_but_never_the_password(client: FlaskClient) -> None:
    answer = sign_in(client, "sari@kota.example", "salah sekali ini")
    assert "sari@kota.example" in answer.text
    assert "salah sekali" not in answer.text


def test_a_stale_form_comes_back_with_what_was_typed(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_METHODS"] = ["POST"]
    somebody()
    answer = sign_in(client)
    assert answer.status_code == 400
    assert "sari@kota.example" in answer.text
    assert client.post("/keluar").status_code == 400


@pytest.mark.parametrize(
    ("email", "password"),
    [("", ""), ("a\x00b@c.example", "x"), ("x" * 5000, "y" * 100_000), ("<script>", "'; --")],
)
def test_odd_input_gets_a_sentence(client: FlaskClient, email: str, password: str) -> None:
    answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_the_cookie_is_closed_to_scripts_and_other_sites(client: FlaskClient) -> None:
    somebody()
    header = next(
        h for h in sign_in(client).headers.getlist("Set-Cookie") if h.startswith("tanggap_session=")
    )
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Path=/" in header


def test_on_https_the_cookie_is_bound_to_the_host(app: Flask, client: FlaskClient) -> None:
    somebody()
    before = app.config.get("BASE_URL")
    app.config["BASE_URL"] = "https://lapor.kota.example"
    try:
        headers = sign_in(client).headers.getlist("Set-Cookie")
    finally:
        app.config["BASE_URL"] = before
    header = next(h for h in headers if h.startswith("__Host-tanggap_session="))
    assert "Secure" in header and "Domain" not in header


def test_the_database_holds_no_token_and_no_password(client: FlaskClient) -> None:
    user = somebody()
    sign_in(client)
    token = client.get_cookie(cookies.SESSION)
    assert token is not None
    row = db.session.scalars(select(Session)).one()
    assert token.value.encode() not in row.token_hash
    assert user.password_hash.startswith("$argon2id$")


def test_the_log_holds_who_and_when_and_no_words(client: FlaskClient) -> None:
    user = somebody()
    sign_in(client)
    told = select(Event).where(Event.subject == user.ref).order_by(Event.id)
    rows = db.session.scalars(told).all()
    assert [row.kind for row in rows] == ["USER_CREATED", "ROLES_CHANGED", "USER_LOGGED_IN"]
    assert rows[1].data == {"AGENT": "GIVEN"}
    assert not any("sari" in str(row.data).lower() for row in rows)


def test_a_password_that_was_changed_while_another_was_proved_opens_nothing() -> None:
    person = somebody()
    proof = login.prove("sari@kota.example", GOOD)
    other = new_password(person.id, OTHER)
    with transaction():
        give_password(person.id, other, actor="system")
    with pytest.raises(login.WrongPassword), transaction():
        login.log_in(proof, "HP")


def test_an_account_that_was_shut_off_while_it_was_proved_opens_nothing() -> None:
    person = somebody()
    proof = login.prove("sari@kota.example", GOOD)
    with transaction():
        deactivate(person.id, actor="system")
    with pytest.raises(login.WrongPassword), transaction():
        login.log_in(proof, "HP")
