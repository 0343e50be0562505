"""Forms without their tokens: what the tokens do is tested where they are made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def _no_form_tokens(app: Flask) -> Iterator[None]:
    before = app.config["WTF_CSRF_METHODS"]
    app.config["WTF_CSRF_METHODS"] = []
    yield
    app.config["WTF_CSRF_METHODS"] = before
