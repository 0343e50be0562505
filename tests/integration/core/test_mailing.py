"""Mails over real SMTP: delivered, refused for good, put off, given up, and never doubled."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask

from core.clock import MovableClock
from core.database import db
from core.mails import mailbox, mailing
from core.mails.letter import Letter
from core.mails.mailbox import Mail
from tests.integration.core.mails import HOUR, KIND, later, order, stands, words
from tests.integration.core.post_office import PostOffice

pytestmark = pytest.mark.usefixtures("mailer")


def test_a_mail_is_delivered_once_with_the_headers_of_a_machine(
    post: PostOffice, clock: MovableClock
) -> None:
    (mail_id,) = order("user:1")
    clock.forward(HOUR)
    mailing.send_waiting()
    mailing.send_waiting()
    ((to, mail),) = post.arrived
    assert to == ["user1@warga.example"]
    assert stands(mail_id) == ("SENT", "TAKEN")
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [p.get_content().strip() for p in mail.iter_parts()] == [
        "Teks yang panjang: é.",
        "<p>Teks</p>",
    ]
    assert mail["Message-ID"].startswith(f"<mail-{mail_id}-")
    assert mail["References"] == "<ticket-1@localhost.localdomain>"
    assert parsedate_to_datetime(mail["Date"]) == clock.at - HOUR
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "id"
    assert all(line.isascii() and len(line) < 200 for line in str(mail).splitlines())


def test_a_refusal_for_good_ends_it_with_a_record_and_the_next_mail_goes_on(
    app: Flask, post: PostOffice, clock: MovableClock
) -> None:
    told: list[tuple[str, str | None]] = []
    mailbox.WHEN_LOST.append(lambda mail: told.append((mail.state, mail.outcome)))
    post.rcpt = ["550 5.1.1 No such mailbox", "250 OK"]
    first, second = order("user:1", "user:2")
    mailing.send_waiting()
    assert sorted([stands(first), stands(second)]) == [("REFUSED", "550"), ("SENT", "TAKEN")]
    assert told == [("REFUSED", "550")]
    later(app, clock)
    assert post.tried == 2


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_greylisting_is_tried_again_under_the_same_id(
    app: Flask, post: PostOffice, clock: MovableClock, step: str
) -> None:
    setattr(post, step, ["451 4.7.1 Greylisted, come back", "250 OK"])
    (mail_id,) = order()
    mailing.send_waiting()
    assert stands(mail_id) == ("WAITING", "451")
    mailing.send_waiting()
    assert post.tried == 1, "it waits before the next try"
    later(app, clock)
    assert stands(mail_id) == ("SENT", "TAKEN")
    assert len(post.arrived) == 1


def test_each_try_waits_twice_as_long_and_never_more_than_an_hour(
    app: Flask, post: PostOffice, clock: MovableClock
) -> None:
    post.rcpt = ["450 Later"]
    (mail_id,) = order()
    waits = []
    for _ in range(10):
        later(app, clock)
        waits.append((db.session.get_one(Mail, mail_id).send_at - clock.at).total_seconds())
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_after_three_days_of_trying_it_is_given_up_with_a_record(
    app: Flask, post: PostOffice, clock: MovableClock
) -> None:
    told: list[str] = []
    mailbox.WHEN_LOST.append(lambda mail: told.append(mail.state))
    post.rcpt = ["452 Mailbox full"]
    (mail_id,) = order()
    mailing.send_waiting()
    later(app, clock, timedelta(days=2, hours=23))
    assert stands(mail_id)[0] == "WAITING"
    later(app, clock, timedelta(hours=2))
    assert stands(mail_id) == ("GAVE_UP", "452")
    assert told == ["GAVE_UP"]


def test_a_mail_that_cannot_be_written_keeps_no_other_from_leaving(
    post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(mail: Mail) -> Letter:
        if mail.recipient == "user:1":
            raise RuntimeError("a bug")
        return words(mail)

    monkeypatch.setitem(mailbox.WRITERS, KIND, broken)
    first, second = order("user:1", "user:2")
    mailing.send_waiting()
    assert sorted([stands(first), stands(second)]) == [("SENT", "TAKEN"), ("WAITING", "BROKEN")]


def test_whoever_cannot_be_written_to_any_more_gets_nothing(
    post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mailbox.WRITERS, KIND, lambda mail: None)
    (mail_id,) = order()
    mailing.send_waiting()
    assert stands(mail_id) == ("DROPPED", "NOBODY")
    assert post.arrived == []
