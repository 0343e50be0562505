"""What people read in their mail: both forms, both languages, and nothing that a stranger typed."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template

from core.clock import MovableClock
from core.mails import mailbox
from helpdesk.notifying import digests, letters
from tests.integration.helpdesk.mailed import FOLDER, KINDS, OF_STEPS, filed, read, sentences

pytestmark = pytest.mark.usefixtures("office", "clock")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_mailed_kind_says_the_same_as_text_and_as_html(
    app: Flask, clock: MovableClock, kind: str, language: str
) -> None:
    receipt = filed(language)
    letter = read(kind, receipt.ticket_id, clock, language)
    for line in letter.text.splitlines():
        for part in line.strip().split(": "):  # a fact's label and its value stand apart
            assert part in sentences(letter.html), part
    path = f"/laporan/{receipt.number}" if kind == "breached" else "/lacak"
    address = app.config["BASE_URL"] + path
    assert f"\n{address}\n" in letter.text
    assert set(re.findall(r'href="([^"]*)"', letter.html)) == {address}
    assert receipt.number in letter.subject
    assert receipt.number in letter.text
    assert letter.language == language
    assert (language == "en") == ("Please do not answer this mail" in letter.text)


@pytest.mark.parametrize("kind", KINDS)
def test_no_mail_carries_a_code_a_pin_or_words_that_a_stranger_typed(
    clock: MovableClock, kind: str
) -> None:
    receipt = filed()
    letter = read(kind, receipt.ticket_id, clock)
    whole = f"{letter.subject}\n{letter.text}\n{letter.html}"
    for secret in (receipt.code, receipt.pin, "Siti", "jahat", "belum terbit", "fotonya", "Dinkes"):
        assert secret not in whole, secret
    assert "\n" not in letter.subject


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_escaped_and_fetches_nothing(clock: MovableClock, kind: str) -> None:
    page = read(kind, filed().ticket_id, clock).html
    assert not re.search(
        r"<(img|style|script|link|iframe|form)\b|\bsrc=|url\(|@import|\son\w+=", page
    )
    assert "<i>" not in page
    assert ("&lt;i&gt;Perizinan &amp; Lain&lt;/i&gt;" in page) == (kind == "breached")
    assert '<meta name="color-scheme" content="light dark">' in page
    grounds = re.findall(r'style="([^"]*background[^"]*)"', page)
    assert all("color:#ffffff" in style for style in grounds), "a ground brings its own ink"
    inks = re.findall(r'style="([^"]*)"', page)
    assert not [s for s in inks if re.search(r"(?<!-)color:#", s) and "background" not in s]


def test_every_kind_has_both_templates_and_a_writer_and_no_template_is_left_over(
    app: Flask,
) -> None:
    assert set(letters.TO_REQUESTER) | set(letters.TO_STAFF) == set(KINDS)
    assert set(KINDS) <= set(mailbox.WRITERS)
    for ending in ("txt", "html"):
        found = {f.stem for f in FOLDER.glob(f"*.{ending}")} - {"_layout"}
        assert found == {*KINDS, *OF_STEPS, digests.LETTER}, ending


def test_hostile_values_are_escaped_in_the_layout_whatever_they_are(app: Flask) -> None:
    bad = '"><script>alert(1)</script>'
    page = render_template(
        "emails/answered.html", title=bad, number=bad, language="id", address=bad, office=bad,
        facts=[letters.Fact(bad, bad)],
    )  # fmt: skip
    assert "<script" not in page
    assert bad not in page
