"""Whoever holds reports whose dates were moved is told once, by a digest."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from accounts.rules.access import Role
from core import clock as core_clock
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.mails.mailbox import Mail
from helpdesk import tickets
from helpdesk.notifying import digests
from sla import seed
from sla.recalculation import moves, publishing
from tests.integration.helpdesk.desk import Desk, report

pytestmark = pytest.mark.usefixtures("office", "clock")


def holiday(day: str) -> None:
    with transaction():
        form = seed.calendar_form()
        form["holidays"] = sorted([*form["holidays"], day])
        publishing.publish_calendar(seed.OFFICE, "Jam kantor", form, core_clock.now())
    for move_id in moves.waiting(core_clock.now()):
        moves.whole(move_id)
    for _ in range(2):
        outbox.drain(digests.SUBSCRIBER)


def give(person: Desk) -> None:
    ticket = report()
    with transaction():
        tickets.assign(ticket.id, person.id, f"user:{person.id}", None)


def test_a_holder_of_three_gets_one_letter_and_whoever_holds_none_gets_none(
    app: Flask, clock: MovableClock
) -> None:
    rani = Desk(app, "Rani", Role.AGENT, "pengaduan")
    Desk(app, "Bagas", Role.AGENT, "pengaduan")
    for _ in range(3):
        give(rani)
    report()
    holiday("2026-12-01")
    (mail,) = db.session.scalars(select(Mail).where(Mail.kind == "moved"))
    assert mail.recipient == f"user:{rani.id}"
    letter = digests.write(mail)
    assert letter is not None
    assert "Tanggal laporan Anda bergeser" in letter.subject
    assert "3" in letter.text
    assert "/antrean?antrean=saya" in letter.text
    assert "antrean=saya" in letter.html
    user = db.session.get_one(User, rani.id)
    user.active = False
    assert digests.write(mail) is None


def test_a_publishing_that_moves_nothing_tells_nobody(app: Flask) -> None:
    rani = Desk(app, "Rani", Role.AGENT, "pengaduan")
    give(rani)
    holiday("2029-12-03")
    assert db.session.scalars(select(Mail).where(Mail.kind == "moved")).all() == []
