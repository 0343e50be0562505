"""Addresses that somebody wrote by hand get a plain sentence, never a bug's page."""

from __future__ import annotations

import base64

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.access import Role
from core.storage import keyset
from tests.integration.helpdesk.desk import Desk

pytestmark = pytest.mark.usefixtures("office")


def words_of(body: bytes) -> str:
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


NO_CURSORS = [
    words_of(body)
    for body in (
        b"[null, Infinity]",
        b"[null, NaN]",
        b"[null, 1e300]",
        b"[null, true]",
        b'[null, "1"]',
        b"[null, -1]",
        b"[null, 9223372036854775808]",
        b"[null, " + b"9" * 2000 + b"]",
        b'["2026-01-01", 1]',
        b'["2026-01-01T10:00:00", 1]',
        b"[1, 1]",
        b"[[], 1]",
        b"[null]",
        b"{}",
        b"7",
        b"[" * 2500,
        b"\xff\xfe",
    )
]
NO_CURSORS += ["x", "é", "=", "a" * 3000]


@pytest.fixture
def supervisor(app: Flask) -> Desk:
    return Desk(app, "Wulan", Role.SUPERVISOR)


def test_a_list_that_begins_nowhere_says_so(supervisor: Desk) -> None:
    for cursor in NO_CURSORS:
        for page in ("/antrean", "/pengawas/pelanggaran"):
            answer = supervisor.client.get(page, query_string={"dari": cursor})
            assert answer.status_code == 422, (page, cursor)


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_whatever_words_are_read_they_are_a_row_or_one_plain_error(body: bytes) -> None:
    try:
        at, ident = keyset.read(words_of(body))
    except ValueError:
        return
    assert at is None or at.tzinfo is not None
    assert 0 <= ident <= keyset.LARGEST


@pytest.fixture
def administrator(app: Flask) -> Desk:
    return Desk(app, "Admin", Role.ADMIN)


@pytest.mark.parametrize("ident", ["2147483648", "9223372036854775808", "9" * 40])
def test_an_id_that_no_table_holds_is_a_plain_no(administrator: Desk, ident: str) -> None:
    token = {"csrf_token": administrator.token}
    for path in (f"/orang/{ident}", f"/orang?after={ident}", f"/lampiran/{ident}"):
        assert administrator.get(path).status_code in (400, 404), path
    for path in (
        f"/orang/{ident}/peran",
        f"/orang/{ident}/tutup",
        f"/orang/{ident}/buka",
        f"/pengaturan/antrean/{ident}/anggota",
        f"/pengaturan/antrean/baris/{ident}/naik",
        f"/pengaturan/antrean/baris/{ident}/hapus",
    ):
        answer = administrator.client.post(path, data=token)
        assert answer.status_code in (400, 404, 422), path
