"""The mail server away, locked, or not to be trusted: nothing is lost, no password is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from core.clock import MovableClock
from core.database import db
from core.mails import mailing
from core.mails.mailbox import Mail
from tests.integration.core.mails import at, later, order, stands
from tests.integration.core.post_office import PostOffice, certificate, only, open_office

pytestmark = pytest.mark.usefixtures("mailer")


def test_while_the_server_is_away_nothing_is_lost_and_it_is_left_alone(
    app: Flask, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = PostOffice()
    at(app, monkeypatch, f"smtp://127.0.0.1:{office.port}")
    ids = order("user:1", "user:2", "user:3")
    mailing.send_waiting()
    tried = [db.session.get_one(Mail, mail_id).tries for mail_id in ids]
    assert sorted(tried) == [0, 0, 1], "one try is enough to see that nobody is there"
    with open_office(office):
        later(app, clock)
    assert {stands(mail_id) for mail_id in ids} == {("SENT", "TAKEN")}
    assert len(set(office.ids)) == len(office.ids) == 3


def test_a_password_is_said_inside_tls_and_opens_the_door(
    app: Flask, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tls, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    door = {
        "tls_context": tls,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": only(b"tanggap", b"r@hasia"),
    }
    with open_office(PostOffice(), **door) as office:
        (mail_id,) = order()
        at(app, monkeypatch, f"smtp://tanggap:salah@127.0.0.1:{office.port}")
        mailing.send_waiting()
        assert stands(mail_id) == ("WAITING", "535"), "our settings' fault, not the mail's"
        at(app, monkeypatch, f"smtp://tanggap:r%40hasia@127.0.0.1:{office.port}")
        later(app, clock)
        assert stands(mail_id) == ("SENT", "TAKEN")
        assert office.secured == [True]


def test_a_server_with_a_certificate_that_nobody_vouches_for_gets_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tls, _ = certificate(tmp_path)
    with open_office(PostOffice(), tls_context=tls) as office:
        at(app, monkeypatch, f"smtp://127.0.0.1:{office.port}")
        (mail_id,) = order()
        mailing.send_waiting()
        assert stands(mail_id) == ("WAITING", "AWAY")
        assert office.arrived == []
