"""What administrators do with accounts, and the commands."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.joining import create_user, newcomer
from accounts.models import User
from accounts.people import deactivate, page, set_roles
from accounts.rules.access import Role
from core.database import db, transaction
from core.errors import Conflict, Invalid, NotFound
from tests.integration.accounts.people import GOOD, OTHER, sign_in, somebody

pytestmark = pytest.mark.usefixtures("db_session")


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    somebody("admin@kota.example", [Role.ADMIN])
    sign_in(client, "admin@kota.example")
    return client


def test_an_administrator_adds_a_person_who_can_sign_in(app: Flask, admin: FlaskClient) -> None:
    typed = {
        "name": "Rina",
        "email": "Rina@kota.example",
        "password": OTHER,
        "roles": ["AGENT", "SUPERVISOR", "OWNER"],
    }
    assert admin.post("/orang/baru", data=typed).status_code == 303
    row = db.session.scalars(select(User).where(User.email == "rina@kota.example")).one()
    assert row.role_set == {Role.AGENT, Role.SUPERVISOR}
    assert sign_in(app.test_client(), "rina@kota.example", OTHER).status_code == 303


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(admin: FlaskClient) -> None:
    answer = admin.post(
        "/orang/baru", data={"name": "", "email": "bukan surel", "password": "pendek"}
    )
    assert answer.status_code == 422
    assert answer.text.count('class="error"') == 3
    assert "bukan surel" in answer.text


def test_two_accounts_never_share_an_address(admin: FlaskClient) -> None:
    late = newcomer(name="Lain", email="SARI@kota.example", password=GOOD)
    somebody()
    with pytest.raises(Invalid) as caught:
        newcomer(name="Lain", email="SARI@kota.example", password=GOOD)
    assert set(caught.value.fields) == {"email"}
    with pytest.raises(Invalid) as too_late, transaction():
        create_user(late)
    assert set(too_late.value.fields) == {"email"}


def test_pages_show_scripts_as_words(admin: FlaskClient) -> None:
    who = newcomer(name="<script>alert(1)</script>", email="x@kota.example", password=GOOD)
    with transaction():
        create_user(who)
    assert "<script>alert(1)" not in admin.get("/orang").text


def test_roles_are_given_and_taken(admin: FlaskClient) -> None:
    user = somebody()
    answer = admin.post(f"/orang/{user.id}/peran", data={"roles": ["OFFICER", "COUNTER"]})
    assert answer.status_code == 303
    db.session.expire_all()
    assert user.role_set == {Role.OFFICER, Role.COUNTER}


def test_the_last_administrator_stays() -> None:
    user = somebody("admin@kota.example", [Role.ADMIN])
    with pytest.raises(Conflict), transaction():
        set_roles(user.id, [Role.AGENT], actor="system")
    with pytest.raises(Conflict), transaction():
        deactivate(user.id, actor="system")
    db.session.expire_all()
    assert user.active and user.role_set == {Role.ADMIN}


def test_an_account_is_closed_and_opened_again(app: Flask, admin: FlaskClient) -> None:
    user = somebody()
    person = app.test_client()
    sign_in(person)
    admin.post(f"/orang/{user.id}/tutup")
    assert person.get("/akun").status_code == 302
    admin.post(f"/orang/{user.id}/buka")
    assert person.get("/akun").status_code == 302  # the old session stays ended
    assert sign_in(person).status_code == 303


def test_a_forgotten_password_is_given_anew(app: Flask, admin: FlaskClient) -> None:
    user = somebody()
    assert admin.post(f"/orang/{user.id}/sandi", data={"password": "x"}).status_code == 422
    assert admin.post(f"/orang/{user.id}/sandi", data={"password": OTHER}).status_code == 303
    assert sign_in(app.test_client(), password=OTHER).status_code == 303


def test_people_who_are_not_there_are_not_found(admin: FlaskClient) -> None:
    assert admin.get("/orang/999999").status_code == 404
    assert admin.post("/orang/999999/tutup").status_code == 404
    with pytest.raises(NotFound), transaction():
        set_roles(999999, [], actor="system")


def test_a_long_list_is_read_page_by_page() -> None:
    people = [somebody(f"p{n}@kota.example").id for n in range(5)]
    first, following = page(size=3)
    assert following is not None
    rest, end = page(after=following, size=3)
    assert [row.id for row in [*first, *rest]] == people
    assert end is None


@pytest.mark.usefixtures("office")
def test_the_first_administrator_comes_by_a_command(app: Flask, client: FlaskClient) -> None:
    run = app.test_cli_runner().invoke
    said = run(
        args=["create-admin", "--email", "a@kota.example", "--name", "A", "--password-stdin"],
        input=OTHER + "\n",
    )
    assert said.exit_code == 0, said.output
    assert sign_in(client, "a@kota.example", OTHER).status_code == 303
    assert client.get("/orang").status_code == 200


@pytest.mark.usefixtures("office")
def test_a_command_says_what_is_wrong_in_a_sentence(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    said = run(
        args=["create-admin", "--email", "a@kota.example", "--name", "A", "--password-stdin"],
        input="pendek\n",
    )
    assert said.exit_code == 1 and "Traceback" not in said.output and "Error:" in said.output
    assert run(args=["deactivate", "tidak@ada.example"]).exit_code == 1


@pytest.mark.usefixtures("office")
def test_a_command_closes_an_account(app: Flask, client: FlaskClient) -> None:
    somebody()
    sign_in(client)
    assert app.test_cli_runner().invoke(args=["deactivate", "sari@kota.example"]).exit_code == 0
    assert client.get("/akun").status_code == 302
