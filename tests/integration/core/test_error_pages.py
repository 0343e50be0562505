"""A page that went wrong says what happened, in one's own language, and under which id to ask."""

from __future__ import annotations

import re

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.exceptions import BadRequest

from core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany, Unavailable

pytestmark = pytest.mark.usefixtures("db_session")

ENGLISH = re.compile(r"\b(the|not|please|this|you|was|page|found)\b", re.IGNORECASE)


def said(page: str) -> str:
    """What a reader sees of its main part."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert main is not None
    return re.sub(r"<[^>]*>|\s+", " ", main.group(0))


def answered(app: Flask, error: Exception) -> Response:
    with app.test_request_context("/"):
        return app.make_response(app.handle_user_exception(error))


def heading(page: str) -> str:
    return re.findall(r"<h1[^>]*>([^<]*)", page)[0]


@pytest.mark.parametrize("path", ["/bahasa/xx", "/tulisan/xx", "/tidak-ada", "/izin/%00"])
def test_an_address_that_leads_nowhere_is_told_of_in_indonesian(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert not ENGLISH.search(said(answer.text))


@pytest.mark.parametrize(
    "error",
    [NotFound, NotAllowed, Conflict, Invalid, TooMany, Unavailable],
    ids=lambda e: e.__name__,
)
def test_an_error_without_words_of_its_own_has_those_of_its_status(
    app: Flask, error: type[NotFound]
) -> None:
    answer = answered(app, error())
    assert answer.status_code == error.status
    page = said(answer.get_data(as_text=True))
    assert len(page) > 60
    assert not ENGLISH.search(page)


def test_a_mistyped_address_is_not_told_that_its_page_was_open_too_long(
    app: Flask, client: FlaskClient
) -> None:
    stale = client.post("/keluar", data={"csrf_token": "lama"})
    assert (stale.status_code, heading(stale.text)) == (400, "Halaman ini terlalu lama terbuka")
    odd = answered(app, BadRequest())
    assert (odd.status_code, heading(odd.get_data(as_text=True))) == (
        400,
        "Ini tidak dapat kami baca",
    )


def test_the_page_names_the_id_under_which_it_is_in_the_log(client: FlaskClient) -> None:
    answer = client.get("/tidak-ada")
    assert answer.headers["X-Request-Id"] in said(answer.text)


def test_a_program_gets_the_phrase_of_the_status_as_title(client: FlaskClient) -> None:
    answer = client.get("/tidak-ada", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert (problem["title"], problem["status"], problem["type"]) == (
        "Not Found",
        404,
        "about:blank",
    )
    assert not ENGLISH.search(problem["detail"])
