"""Mails in tests have a writer of their own, and a post office that listens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from core.mails import mailbox, mailing
from tests.integration.core.mails import KIND, at, words
from tests.integration.core.post_office import PostOffice, open_office


@pytest.fixture
def mailer(app: Flask, db_session: object, clock: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer of test mails, nobody who is told of losses, and a server that nobody spares."""
    monkeypatch.setitem(mailbox.WRITERS, KIND, words)
    monkeypatch.setattr(mailbox, "WHEN_LOST", [])
    monkeypatch.setattr(mailing, "WHEN_LOST", mailbox.WHEN_LOST)
    monkeypatch.setitem(app.extensions, "postman-rests", mailing.Rest())


@pytest.fixture
def post(app: Flask, mailer: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A real SMTP server that our mails go to."""
    with open_office(PostOffice()) as office:
        at(app, monkeypatch, f"smtp://127.0.0.1:{office.port}")
        yield office
