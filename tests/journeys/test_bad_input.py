"""Whatever is sent gets a plain sentence, what was typed stays, and nothing is half done."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.rules.access import Role
from core.database import db
from helpdesk.conversations.thread import LONGEST
from helpdesk.models import Attachment, Ticket
from tests.integration.helpdesk.desk import Desk
from tests.journeys.pages import Visitor, picture

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def citizen(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def tickets() -> int:
    return int(db.session.execute(select(func.count()).select_from(Ticket)).scalar_one())


WORDS = "Kata-kata yang tidak boleh hilang."


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": "x" * (LONGEST + 1)},
        {"text": "nul \0 di tengah"},
        {"klass": "SESUATU"},
        {"category": "tidak-ada"},
        {"category": "\0"},
        {"place": "999999999999"},
        {"place": "abc"},
        {"permit_type": "user:1"},
        {"permit_type": "permit_type:TIDAK-ADA"},
        {"name": "n" * 101},
        {"name": "a\0b"},
        {"phone": "0812"},
        {"phone": "<script>alert(1)</script>"},
        {"email": "bukan alamat"},
        {"key": "pendek"},
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_whole(
    citizen: Visitor, fields: dict[str, str]
) -> None:
    answer = citizen.report(**{"text": WORDS, **fields})
    assert answer.status_code == 422
    assert "Tulisan Anda tidak hilang." in answer.text
    if "text" not in fields:
        assert WORDS in answer.text
    assert "<script>alert(1)</script>" not in answer.text
    assert tickets() == 0


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("foto.jpg", b"MZ\x90\x00 a program"),
        ("foto.png", b"\x89PNG\r\n\x1a\n broken"),
        ("surat.pdf", b"<html>no pdf</html>"),
        ("program.exe", b"MZ"),
        ("kosong.jpg", b""),
        ("besar.jpg", b"\xff\xd8\xff" + b"0" * (11 * 1024 * 1024)),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_the_words_stay(
    citizen: Visitor, name: str, body: bytes
) -> None:
    answer = citizen.report(WORDS, files=(io.BytesIO(body), name))
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert name.split(".")[0] in answer.text
    assert tickets() == 0


def test_a_picture_that_would_burst_is_refused(citizen: Visitor) -> None:
    bomb = picture("PNG", size=(9000, 9000))
    answer = citizen.report(WORDS, files=(bomb, "bom.png"))
    assert answer.status_code == 422
    assert tickets() == 0


def test_a_photo_loses_the_place_stored_inside(citizen: Visitor, app: Flask) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (6.0, 14.0, 0.0)}
    exif[0x010E] = "RAHASIA"
    assert citizen.report(WORDS, files=(picture(exif=exif), "a.jpg")).status_code == 303
    stored = db.session.scalars(select(Attachment.stored)).one()
    body = app.extensions["files"].path(stored).read_bytes()
    assert b"RAHASIA" not in body
    assert not Image.open(io.BytesIO(body)).getexif()


def test_a_photo_of_fifty_megabytes_gets_a_sentence(citizen: Visitor) -> None:
    body = io.BytesIO(b"\xff\xd8\xff" + b"0" * (50 * 1000 * 1000))
    answer = citizen.report(WORDS, files=(body, "foto.jpg"))
    assert answer.status_code in (413, 422)
    assert "<h1" in answer.text
    assert tickets() == 0


def test_sent_twice_is_one_ticket_and_the_same_receipt(citizen: Visitor) -> None:
    fields = {**citizen.hidden("/lapor"), "klass": "COMPLAINT", "text": WORDS}
    first = citizen.client.post("/lapor", data=fields)
    kept = citizen.code_and_pin()
    second = citizen.client.post("/lapor", data=fields)
    assert first.status_code == second.status_code == 303
    assert citizen.code_and_pin() == kept
    assert tickets() == 1


def test_a_stale_form_comes_back_with_what_was_typed(citizen: Visitor) -> None:
    answer = citizen.client.post(
        "/lapor", data={"csrf_token": "lama", "klass": "COMPLAINT", "text": WORDS, "key": "k" * 32}
    )
    assert answer.status_code == 400
    assert WORDS in answer.text
    assert tickets() == 0


def test_the_eleventh_wrong_pin_is_told_to_wait(citizen: Visitor, app: Flask) -> None:
    citizen.report(WORDS)
    code, pin = citizen.code_and_pin()
    wrong = "000000" if pin.replace(" ", "") != "000000" else "111111"
    thief = Visitor(app.test_client())
    for _ in range(10):
        assert thief.send("/lacak", "/lacak", code=code, pin=wrong).status_code == 422
    refused = thief.send("/lacak", "/lacak", code=code, pin=pin)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


ODD = {
    "/laporan/%00": 400,
    "/laporan/T%002026": 400,
    "/laporan/%00/pesan": 400,
    "/lampiran/99999999999999999999": 404,
    "/izin/%00": 404,
    "/izin?q=%00": 200,
    "/bahasa/xx": 404,
    "/tulisan/xx": 404,
    "/antrean?dari=xx": 422,
    "/antrean?antrean=%00": 422,
    "/antrean?antrean=%C2%B2": 422,
    "/antrean?antrean=99999999999999999999": 422,
    "/antrean/baru?sejak=xx": 422,
    "/pengawas/pelanggaran?dari=xx": 422,
    "/pengawas/pelanggaran?queue=99999999999999999999": 200,
}


@pytest.mark.parametrize(("path", "status"), ODD.items())
def test_odd_addresses_never_break(app: Flask, path: str, status: int) -> None:
    """Asked by somebody who may open them all: a stranger would be turned away before."""
    supervisor = Desk(app, "Wulan", Role.SUPERVISOR)
    answer = supervisor.get(path)
    assert answer.status_code == status
    assert "<h1" in answer.text


def test_a_stranger_at_odd_addresses_of_the_office_is_asked_to_sign_in(citizen: Visitor) -> None:
    for path in ODD:
        wanted = 302 if path.startswith(("/laporan/", "/antrean", "/pengawas")) else ODD[path]
        assert citizen.get(path).status_code == wanted, path


def test_a_script_in_every_field_is_only_words(citizen: Visitor) -> None:
    script = "<script>alert(1)</script>"
    assert citizen.report(script, name=script).status_code == 303
    for path in ("/lapor/terkirim", "/laporan-saya"):
        page = citizen.get(path).text
        assert script not in page
        assert "&lt;script&gt;" in page


def test_every_answer_carries_the_safe_headers(citizen: Visitor) -> None:
    for path in ("/", "/lapor", "/tidak-ada", "/healthz"):
        headers = citizen.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
