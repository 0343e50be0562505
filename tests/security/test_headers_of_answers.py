"""Every answer carries the safe headers, whoever gave it: a page, a file, an error, the sockets."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules.access import Role
from core import assets
from core.assets import asset_url
from core.pages.safe_headers import HEADERS
from tests.integration.helpdesk.desk import Desk, report
from tests.journeys.pages import Visitor, picture

pytestmark = pytest.mark.usefixtures("office")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("HEAD", "/lapor"),
        ("OPTIONS", "/lapor"),
        ("GET", "/healthz"),
        ("GET", "/tidak-ada"),
        ("GET", "/antrean"),
        ("POST", "/lapor"),
        ("POST", "/keluar"),
        ("DELETE", "/lapor"),
        ("TRACE", "/"),
        ("GET", "/static/tidak-ada.css"),
        ("POST", "/static/manifest.json"),
        ("GET", "/static/manifest.json"),
        ("GET", "/socket.io/?EIO=4&transport=polling"),
        ("POST", "/socket.io/?EIO=4&transport=polling"),
        ("GET", "/socket.io/"),
    ],
)
def test_every_answer_carries_them(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    for name, value in HEADERS.items():
        assert name in answer.headers
        if name != "Content-Security-Policy":
            assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert len(answer.headers.getlist("Content-Security-Policy")) == 1


def test_a_file_carries_them_and_is_never_a_page(app: Flask) -> None:
    citizen = Visitor(app.test_client())
    citizen.report("Dengan foto", files=(picture(), "bukti.jpg"))
    link = citizen.get("/laporan-saya").text.split('href="/lampiran/')[1].split('"')[0]
    answer = citizen.get(f"/lampiran/{link}")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_no_private_page_is_kept_by_a_browser_or_proxy(app: Flask) -> None:
    citizen = Visitor(app.test_client())
    citizen.report("Rahasia")
    for path in ("/laporan-saya", "/lapor/terkirim", "/lapor", "/lacak"):
        assert citizen.get(path).headers["Cache-Control"] == "no-store"
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    ticket = report()
    for path in ("/antrean", "/antrean/baris", f"/laporan/{ticket.number}", "/akun"):
        assert agent.get(path).headers["Cache-Control"] == "no-store"


def test_a_file_that_browsers_keep_for_good_has_its_hash_in_its_name(client: FlaskClient) -> None:
    for path in (asset_url("app.css"), asset_url("js/form.js")):
        assert "immutable" in client.get(path).headers["Cache-Control"]
    for name in ("manifest.json", ".sources"):
        assert (assets.BUILD / name).exists()
        answer = client.get(f"/static/{name}")
        assert answer.status_code == 404
        assert "immutable" not in answer.headers["Cache-Control"]


def test_a_nonce_is_never_used_twice(client: FlaskClient) -> None:
    seen = {client.get("/").headers["Content-Security-Policy"] for _ in range(5)}
    assert len(seen) == 5
