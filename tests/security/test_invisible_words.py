"""Words that nobody can see are no words."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")


@pytest.mark.parametrize(
    "words", ["\u200b", "\u200b\n\u2060 \ufeff", "\u202e", "\x01\x02", "\u00a0"]
)
def test_a_report_of_signs_without_ink_is_asked_for_words(app: Flask, words: str) -> None:
    assert Visitor(app.test_client()).report(words).status_code == 422


@pytest.mark.parametrize("words", ["?", "\U0001f44d", "\u0645", "a\u200bb"])
def test_a_single_sign_that_is_seen_is_enough(app: Flask, words: str) -> None:
    assert Visitor(app.test_client()).report(words).status_code == 303
