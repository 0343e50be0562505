"""A link that says where to go back to never leads to somebody else's site."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from accounts.rules.access import Role
from tests.journeys.pages import PASSWORD, Visitor, person

pytestmark = pytest.mark.usefixtures("office")

# Browsers read a backslash as a slash, and leave tabs and line ends out before they look.
ELSEWHERE = [
    "//evil.example",
    "https://evil.example",
    "https:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r//evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "//[evil.example",
]


@pytest.mark.parametrize("back", ELSEWHERE)
@pytest.mark.parametrize("page", ["/bahasa/en", "/tulisan/large"])
def test_choosing_language_or_size_stays_on_this_site(
    client: FlaskClient, page: str, back: str
) -> None:
    assert client.get(f"{page}?next={quote(back)}").headers["Location"] == "/"


@pytest.mark.parametrize("page", ["/bahasa/en", "/tulisan/large"])
def test_choosing_leads_back_to_the_page_it_was_chosen_on(client: FlaskClient, page: str) -> None:
    answer = client.get(f"{page}?next={quote('/izin?q=apotek')}")
    assert answer.headers["Location"] == "/izin?q=apotek"


@pytest.mark.parametrize("back", ELSEWHERE)
def test_signing_in_stays_on_this_site(client: FlaskClient, back: str) -> None:
    person("Rani", "rani@kota.example", Role.AGENT, "pengaduan")
    visitor = Visitor(client)
    answer = visitor.send(
        "/masuk", "/masuk", email="rani@kota.example", password=PASSWORD, next=back
    )
    assert answer.headers["Location"] == "/antrean"
    assert visitor.get(f"/masuk?next={quote(back)}").headers["Location"] == "/antrean"
