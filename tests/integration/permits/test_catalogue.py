"""The catalogue: loaded once or twice, listed, found by the words that citizens use."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import refs
from core.database import transaction
from core.errors import NotFound
from permits import catalogue


@pytest.fixture(autouse=True)
def _loaded(db_session: object) -> None:
    with transaction():
        catalogue.load()


def test_loading_again_changes_nothing() -> None:
    with transaction():
        assert catalogue.load() == 60
    assert len(catalogue.every()) == 60


def test_loading_mends_a_row_that_differs_from_the_file() -> None:
    with transaction():
        catalogue.get("IPTM-B").name_id = "salah"
    with transaction():
        catalogue.load()
    assert catalogue.get("iptm-b").name_id != "salah"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("izin makam", "IPTM-B"),
        ("kuburan", "IPTM-B"),
        ("perpanjang makam", "IPTM-P"),
        ("dokter", "SIP-DU"),
        ("doktr gigi", "SIP-DG"),
        ("drg", "SIP-DG"),
        ("suster", "SIPP"),
        ("perwat", "SIPP"),
        ("bidan", "SIPB"),
        ("apotik", "SIA"),
        ("tukang gigi", "SIP-TG"),
        ("imb", "IMB"),
        ("bangun rumah", "PBG"),
        ("spanduk", "RKL-I"),
        ("papan iklan", "RKL-P"),
        ("P-IRT", "PIRT"),
        ("katering", "SLHS"),
        ("tutup jalan hajatan", "BUKAJALAN"),
        ("skripsi", "SKP"),
        ("General practitioner", "SIP-DU"),
        ("sip-dgs", "SIP-DGS"),
        ("ANGKOT", "TRAYEK"),
        ("saya mau memakamkan ayah saya di makam jatisari dekat rumah", "IPTM-B"),
    ],
)
def test_citizens_words_find_the_permit(words: str, code: str) -> None:
    assert code in [row.code for row in catalogue.search(words)][:2]


def test_dokter_finds_every_doctor() -> None:
    found = {row.code for row in catalogue.search("dokter")}
    assert {"SIP-DU", "SIP-DS", "SIP-DG", "SIP-DGS", "SIP-INT", "DRH"} <= found


def test_what_only_sounds_alike_is_left_out_where_the_word_itself_is_there() -> None:
    assert {row.code for row in catalogue.search("kuburan")} == {"IPTM-B", "IPTM-P", "IPTM-T"}


@pytest.mark.parametrize("words", ["", "   ", "xqzwv", "%", "'; DROP TABLE", "\x00", "_" * 900])
def test_words_from_nowhere_find_nothing(words: str) -> None:
    assert list(catalogue.search(words)) == []


def test_the_page_lists_all_by_sector(client: FlaskClient) -> None:
    page = client.get("/izin").text
    assert page.count("/izin/") >= 60
    assert "Pemakaman" in page


def test_the_page_searches_and_keeps_the_words(client: FlaskClient) -> None:
    page = client.get("/izin?q=izin+makam").text
    assert "/izin/IPTM-B" in page and 'value="izin makam"' in page
    assert "/izin/SIPP" not in page


@pytest.mark.parametrize("query", ["q=%00", "q=<script>alert(1)</script>", "q=" + "x" * 3000])
def test_odd_searches_get_a_page(client: FlaskClient, query: str) -> None:
    answer = client.get("/izin?" + query)
    assert answer.status_code == 200 and "<script>alert(1)" not in answer.text


def test_a_permit_shows_what_to_bring(client: FlaskClient) -> None:
    page = client.get("/izin/IPTM-B").text
    assert "KTP Bekasi ahli waris" in page and "Perwal 103/2017" in page


def test_every_permit_has_its_page(client: FlaskClient) -> None:
    assert {client.get(f"/izin/{row.code}").status_code for row in catalogue.every()} == {200}


@pytest.mark.parametrize("code", ["TIDAKADA", "%00", "x" * 500])
def test_a_permit_that_is_not_there_is_not_found(client: FlaskClient, code: str) -> None:
    assert client.get(f"/izin/{code}").status_code == 404


def test_get_says_so_too() -> None:
    with pytest.raises(NotFound):
        catalogue.get("TIDAKADA")


def test_other_features_show_a_permit_as_a_card(app: Flask) -> None:
    with app.test_request_context("/"):
        card = refs.card("permit_type:IPTM-B", None)
        assert card is not None and card.url == "/izin/IPTM-B"
        assert refs.card("permit_type:TIDAKADA", None) is None
        assert "permit_type:SIPP" in [found.ref for found in refs.search("perawat", None)]


@pytest.mark.usefixtures("office")
def test_the_command_loads(app: Flask) -> None:
    assert "60 permit types" in app.test_cli_runner().invoke(args=["load-permits"]).output


def test_the_words_of_the_catalogue_are_for_citizens() -> None:
    entries = json.loads(catalogue.FILE.read_text("utf-8"))
    shown = json.dumps(
        [{k: v for k, v in entry.items() if k not in ("source", "code")} for entry in entries]
    )
    for jargon in ("SILAT", "OPD", "TTE", "upload", "unduh", "HK ", "ber-SIP"):
        assert jargon not in shown, jargon
