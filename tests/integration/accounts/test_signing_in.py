"""Signing in and out over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import cookies, login
from accounts.models import Attempt, Session
from accounts.people import deactivate, give_password, new_password, set_roles
from accounts.rules.access import Role
from core.clock import MovableClock
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


def test_signing_in_again_ends_the_session_before(client: FlaskClient) -> None:
    somebody()
    sign_in(client)
    first = client.get_cookie(cookies.SESSION)
    sign_in(client)
    second = client.get_cookie(cookies.SESSION)
    assert first is not None and second is not None and first.value != second.value
    rows = db.session.scalars(select(Session).order_by(Session.created_at)).all()
    assert [row.ended_at is None for row in rows].count(True) == 1


def test_signing_out_ends_this_session_only(app: Flask, client: FlaskClient) -> None:
    somebody()
    phone = app.test_client()
    sign_in(client)
    sign_in(phone)
    assert client.post("/keluar").status_code == 303
    assert client.get("/akun").status_code == 302
    assert phone.get("/akun").status_code == 200


def test_a_token_kept_after_signing_out_opens_nothing(client: FlaskClient) -> None:
    somebody()
    sign_in(client)
    kept = client.get_cookie(cookies.SESSION)
    assert kept is not None
    client.post("/keluar")
    client.set_cookie(cookies.SESSION, kept.value)
    assert client.get("/akun").status_code == 302


def test_everywhere_means_every_device(app: Flask, client: FlaskClient) -> None:
    somebody()
    phone = app.test_client()
    sign_in(client)
    sign_in(phone)
    assert client.post("/keluar-semua").status_code == 303
    assert [c.get("/akun").status_code for c in (client, phone)] == [302, 302]


def test_deactivation_shuts_every_device_at_once(app: Flask, client: FlaskClient) -> None:
    user = somebody()
    sign_in(client)
    with transaction():
        deactivate(user.id, actor="system")
    assert client.get("/akun").status_code == 302
    assert sign_in(client).status_code == 422


def test_a_role_that_was_taken_is_gone_with_the_next_page(client: FlaskClient) -> None:
    somebody("kepala@kota.example", [Role.ADMIN])
    user = somebody(roles=[Role.ADMIN])
    sign_in(client)
    assert client.get("/orang").status_code == 200
    with transaction():
        set_roles(user.id, [Role.AGENT], actor="system")
    assert client.get("/orang").status_code == 403


def test_a_session_ends_by_itself(client: FlaskClient, clock: MovableClock) -> None:
    somebody()
    sign_in(client)
    for _ in range(4):
        clock.forward(timedelta(hours=2, minutes=50))
        assert client.get("/akun").status_code == 200
    clock.forward(timedelta(hours=2))
    assert client.get("/akun").status_code == 302


def test_an_idle_session_ends_sooner(client: FlaskClient, clock: MovableClock) -> None:
    somebody()
    sign_in(client)
    clock.forward(timedelta(hours=3, minutes=1))
    assert client.get("/akun").status_code == 302


def test_the_eleventh_wrong_password_is_not_even_looked_at(
    app: Flask, client: FlaskClient, clock: MovableClock
) -> None:
    somebody()
    for _ in range(10):
        assert sign_in(client, password="salah sekali ini").status_code == 422
    refused = sign_in(client)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert "sari@kota.example" in refused.text
    clock.forward(timedelta(minutes=5, seconds=1))
    assert sign_in(client).status_code == 303


def test_unknown_addresses_are_counted_alike(client: FlaskClient) -> None:
    codes = [sign_in(client, "tidak@ada.example", "x").status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]


def test_a_stranger_cannot_lock_the_owner_out_of_their_own_device(
    app: Flask, client: FlaskClient
) -> None:
    somebody()
    sign_in(client)
    client.post("/keluar")
    stranger = app.test_client()
    for _ in range(11):
        sign_in(stranger, password="salah sekali ini")
    assert sign_in(stranger).status_code == 429
    assert sign_in(client).status_code == 303


def test_a_forged_device_cookie_is_worth_nothing(app: Flask, client: FlaskClient) -> None:
    somebody()
    client.set_cookie(cookies.DEVICE, '["0123456789abcdef"].forged.forged')
    for _ in range(10):
        sign_in(client, password="salah sekali ini")
    assert sign_in(client).status_code == 429


def test_above_the_overall_limit_unknown_devices_wait(
    app: Flask, client: FlaskClient, monkeypatch: Any
) -> None:
    somebody()
    sign_in(client)
    client.post("/keluar")
    monkeypatch.setitem(app.config, "LIMITS", {"login-all": 3})
    stranger = app.test_client()
    codes = [sign_in(stranger, f"a{n}@ada.example", "x").status_code for n in range(4)]
    assert codes == [422, 422, 422, 429]
    assert sign_in(client).status_code == 303


def test_right_passwords_use_up_no_tries(client: FlaskClient) -> None:
    somebody()
    for _ in range(12):
        assert sign_in(client).status_code == 303
    assert db.session.scalars(select(Attempt)).all() == []


def test_a_new_password_ends_the_other_devices(app: Flask, client: FlaskClient) -> None:
    somebody()
    phone = app.test_client()
    sign_in(client)
    sign_in(phone)
    answer = client.post("/akun", data={"old": GOOD, "new": OTHER, "again": OTHER})
    assert answer.status_code == 303
    assert (client.get("/akun").status_code, phone.get("/akun").status_code) == (200, 302)
    assert sign_in(phone).status_code == 422
    assert sign_in(phone, password=OTHER).status_code == 303


@pytest.mark.parametrize(
    "typed",
    [
        {"old": "salah sekali ini", "new": OTHER, "again": OTHER},
        {"old": GOOD, "new": "pendek", "again": "pendek"},
        {"old": GOOD, "new": OTHER, "again": OTHER + "x"},
        {"old": GOOD, "new": "sari wulandari kota 1", "again": "sari wulandari kota 1"},
        {},
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    client: FlaskClient, typed: dict[str, str]
) -> None:
    somebody()
    sign_in(client)
    assert client.post("/akun", data=typed).status_code == 422
    assert sign_in(client).status_code == 303


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
