"""We answer to our own names only: a link or a redirect made from a foreign Host goes elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from core.running.throwaway import Servers

OURS = "lapor.kota.example"


@pytest.fixture
def browser(servers: Servers) -> Iterator[FlaskClient]:
    from app import create_app
    from core.database import db

    with servers.cloned() as database:
        made = create_app(settings=servers.settings(database, TRUSTED_HOSTS=f"{OURS},127.0.0.1"))
        yield made.test_client()
        with made.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("host", [OURS, "127.0.0.1:8000"])
def test_our_own_names_are_answered(browser: FlaskClient, host: str) -> None:
    assert browser.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz", "/masuk", "/nowhere"])
@pytest.mark.parametrize("host", ["evil.example", f"{OURS}.evil.example", "a b", ""])
def test_a_foreign_host_gets_a_plain_page_and_is_not_named_in_it(
    browser: FlaskClient, path: str, host: str
) -> None:
    answer = browser.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert "<h1>" in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_forwarded_host_is_believed_from_no_proxy_that_was_not_named(
    browser: FlaskClient,
) -> None:
    headers = {"Host": OURS, "X-Forwarded-Host": "evil.example"}
    answer = browser.get("/antrean", headers=headers)
    assert "evil" not in answer.headers.get("Location", "") + answer.text
