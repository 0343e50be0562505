"""However hostile an address or a subject is, a mail has one recipient and the headers we gave."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTPUTF8

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mails.letter import Letter, Unaddressable, write

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
NAMES = {
    "Message-ID", "References", "Date", "From", "To", "Subject", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type", "Content-Language",
}  # fmt: skip


def sent(to: str, subject: str = "Laporan Anda") -> tuple[set[str], list[str]]:
    """The headers that a server sees, and whom the mail is for."""
    letter = Letter(to, subject, "Teks.\n", "<p>Teks.</p>", "id", "ticket:1")
    mail = write(letter, name="mail-1", sender="Tanggap <t@kota.example>", domain="x", at=AT)
    # As it goes to a server that takes such addresses; for the others it is the same.
    read = message_from_bytes(mail.as_bytes(policy=SMTPUTF8), policy=SMTPUTF8)
    return set(read.keys()), [a.addr_spec for a in read["To"].addresses]


@pytest.mark.parametrize(
    "to",
    [
        "a@b.example\r\nBcc: lain@jahat.example",
        "a@b.example\nBcc: lain@jahat.example",
        "a,lain@jahat.example",
        "a@b.example, lain@jahat.example",
        "Nama <lain@jahat.example>",
        "<lain@jahat.example>",
        "kelompok: lain@jahat.example;",
        "a@",
        "@b.example",
        "",
    ],
)
def test_an_address_is_one_mailbox_or_none(to: str) -> None:
    try:
        names, recipients = sent(to)
    except Unaddressable:
        return
    assert names == NAMES
    assert len(recipients) == 1
    assert recipients[0] != "lain@jahat.example"


@pytest.mark.parametrize(
    "to",
    [
        "\x80\x80@0\x80\x80\x80\x80\x80\U00010000\U00010000\U00010000\U00010000\U00010000@",
        "\x80)0]@(\uff0c)[\t",
        "\u2028\t]@, .]\\]",
        "a[=?utf-8?q?@[?=\uff0c\ud800\ud800",
    ],
)
def test_what_the_parser_itself_trips_over_is_no_address(to: str) -> None:
    with pytest.raises(Unaddressable):
        sent(to)


def test_an_ordinary_address_and_subject_arrive_as_they_are() -> None:
    assert sent("siti.rahma+izin@warga.example") == (NAMES, ["siti.rahma+izin@warga.example"])


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_no_subject_begins_another_header(words: str) -> None:
    assert sent("a@b.example", f"{words}\r\nBcc: lain@jahat.example")[0] == NAMES


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_no_address_adds_a_recipient(words: str) -> None:
    try:
        names, recipients = sent(words)
    except Unaddressable:
        return
    assert (names, len(recipients)) == (NAMES, 1)
