"""Two reports that become one keep each requester's promise and privacy, and can part again."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.canonical import parse_instant
from core.clock import MovableClock
from core.database import db, transaction
from core.errors import IllegalMove, Invalid
from helpdesk import filing, requester, tickets
from helpdesk.models import Message, Ticket
from helpdesk.relations import merging
from helpdesk.rules.vocabulary import TicketClass
from sla import tracking
from sla.models import TimerRow
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import fresh
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")
ACTOR = "user:1"


def filed(kind: TicketClass = TicketClass.COMPLAINT, confidential: bool = False) -> Ticket:
    with transaction():
        one = filing.Filing(kind, "Izin saya.", uuid.uuid4().hex, confidential=confidential)
        return fresh(filing.file(one).ticket_id)


def merged(ticket: Ticket, into: Ticket) -> None:
    with transaction():
        merging.merge(ticket.id, into.id, ACTOR)


def timer(ticket: Ticket, metric: str) -> TimerRow:
    """The newest cycle."""
    db.session.expire_all()
    rows = tracking.timers([ticket.ref])[ticket.ref]
    return max((r for r in rows if r.metric == metric), key=lambda r: r.cycle)


def due(ticket: Ticket, metric: str = "RESOLUTION") -> datetime:
    found = timer(ticket, metric).due_at
    assert found is not None
    return found


def test_the_queue_goes_by_the_earlier_promise_of_both() -> None:
    survivor, other = filed(), filed(TicketClass.INFORMATION)
    earlier = due(other)
    assert earlier < due(survivor)
    merged(other, survivor)
    assert due(survivor) == earlier
    assert timer(survivor, "RESOLUTION").cycle == 2
    told = timer(survivor, "RESOLUTION").promised_to[other.ref]
    assert parse_instant(told) == earlier
    assert fresh(other.id).outcome == "MERGED"


def test_what_is_stored_is_what_the_log_gives_through_a_merge_and_its_undoing(
    clock: MovableClock,
) -> None:
    survivor, other = filed(), filed(TicketClass.INFORMATION)
    merged(other, survivor)
    clock.forward(timedelta(days=1))
    with transaction():
        tickets.answer(survivor.id, "Kami periksa.", ACTOR)
    clock.forward(timedelta(days=1))
    with transaction():
        merging.unmerge(other.id, ACTOR)
    for one in (survivor, other):
        db.session.expire_all()
        stored = tracking.timers([one.ref])[one.ref]
        assert tracking.same(stored, tracking.rebuild(one.ref, clock.at))
        assert len([r for r in stored if r.metric == "RESOLUTION"]) == 1


def test_a_promise_broken_while_merged_stays_broken_after_the_undoing(clock: MovableClock) -> None:
    survivor, other = filed(), filed(TicketClass.INFORMATION)
    own = due(survivor)
    merged(other, survivor)
    clock.move_to(due(survivor) + timedelta(minutes=1))
    sweeper.sweep()
    with transaction():
        merging.unmerge(other.id, ACTOR)
    rows = {
        r.cycle: r
        for r in tracking.timers([survivor.ref])[survivor.ref]
        if r.metric == "RESOLUTION"
    }
    assert rows[2].breached_at is not None and rows[2].stopped_at is not None
    assert rows[1].due_at == own and rows[1].breached_at is None


def test_whoever_is_separate_again_has_time_to_act_before_it_is_late(clock: MovableClock) -> None:
    survivor, other = filed(), filed(TicketClass.INFORMATION)
    missed = due(other)
    merged(other, survivor)
    clock.move_to(missed + timedelta(days=10))
    sweeper.sweep()
    with transaction():
        merging.unmerge(other.id, ACTOR)
    sweeper.sweep()
    again = timer(other, "RESOLUTION")
    assert again.breached_at is None
    assert again.due_at is not None and again.due_at > clock.at
    assert fresh(other.id).status == "OPEN"


def test_a_confidential_report_never_goes_into_an_ordinary_one() -> None:
    ordinary, secret = filed(), filed(confidential=True)
    with pytest.raises(Invalid), transaction():
        merging.merge(secret.id, ordinary.id, ACTOR)
    assert fresh(secret.id).status == "NEW"
    merged(ordinary, secret)
    assert fresh(ordinary.id).merged_into == secret.id


def test_nothing_goes_into_a_report_that_has_ended_or_into_itself() -> None:
    one, other = filed(), filed()
    with transaction():
        tickets.spam(other.id, ACTOR)
    with pytest.raises(IllegalMove), transaction():
        merging.merge(one.id, other.id, ACTOR)
    with pytest.raises(Invalid), transaction():
        merging.merge(one.id, one.id, ACTOR)


def test_a_ring_of_merges_cannot_be_made() -> None:
    a, b, c = filed(), filed(), filed()
    merged(a, b)
    merged(b, c)
    with pytest.raises(IllegalMove), transaction():
        merging.merge(c.id, a.id, ACTOR)


def test_words_of_the_merged_ones_citizen_go_on_and_the_other_citizen_never_reads_them(
    app: Flask,
) -> None:
    mine, theirs = Visitor(app.test_client()), Visitor(app.test_client())
    mine.report("Izin warung saya belum terbit.")
    theirs.report("Izin bengkel saya belum terbit.")
    kept, other_kept = mine.code_and_pin(), theirs.code_and_pin()
    found = {t.title: t for t in db.session.scalars(select(Ticket))}
    survivor, other = (
        found["Izin warung saya belum terbit."],
        found["Izin bengkel saya belum terbit."],
    )
    merged(other, survivor)
    theirs.come_back(*other_kept)
    sent = theirs.send("/laporan-saya", "/laporan-saya/pesan", text="Nomor berkas B-17.")
    assert sent.status_code == 303
    said = db.session.scalars(select(Message).where(Message.body == "Nomor berkas B-17.")).one()
    assert (said.ticket_id, said.author) == (survivor.id, other.ref)
    with transaction():
        tickets.answer(survivor.id, "Keduanya kami periksa.", ACTOR)
    page = theirs.get("/laporan-saya").text
    assert "B-17" in page and "Keduanya kami periksa." in page and "warung" not in page
    mine.come_back(*kept)
    assert "B-17" not in mine.get("/laporan-saya").text
    assert "B-17" not in mine.get("/laporan-saya/pesan").text


def test_a_late_word_to_one_that_was_merged_twice_reaches_the_last() -> None:
    a, b, c = filed(), filed(), filed()
    merged(a, b)
    merged(b, c)
    with transaction():
        written = requester.write(a.id, "Masih menunggu.")
    assert written.message is not None
    assert (written.message.ticket_id, written.message.author) == (c.id, a.ref)
