"""What a merge, a split or a follow-up never shows: another requester, or what lies apart."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import MovableClock
from core.database import db, transaction
from core.errors import IllegalMove, Invalid
from helpdesk import changes, filing, requester, tickets
from helpdesk.conversations import conversation, held
from helpdesk.models import Message, Ticket
from helpdesk.relations import merging, splitting
from helpdesk.rules.vocabulary import TicketClass
from tests.integration.helpdesk.desk import fresh, queue_id, report

pytestmark = pytest.mark.usefixtures("office")
ACTOR = "user:1"
HOLD = timedelta(seconds=20)


def filed(**more: Any) -> Ticket:
    with transaction():
        one = filing.Filing(TicketClass.COMPLAINT, "Izin saya.", uuid.uuid4().hex, **more)
        return fresh(filing.file(one).ticket_id)


def merged(ticket: Ticket, into: Ticket) -> None:
    with transaction():
        merging.merge(ticket.id, into.id, ACTOR)


def answered(ticket: Ticket, words: str) -> None:
    with transaction():
        tickets.answer(ticket.id, words, ACTOR)


def followed(ticket: Ticket) -> Ticket:
    """The report that the requester's words make after the end of theirs."""
    with transaction():
        written = requester.write(ticket.id, "Bagaimana?")
    assert written.receipt is not None
    return fresh(written.receipt.ticket_id)


def test_words_after_the_end_go_on_under_the_writers_name_and_never_the_survivors() -> None:
    survivor, other = filed(name="Sri", phone="+6281234567890"), filed(name="Dewi")
    merged(other, survivor)
    with transaction():
        tickets.spam(survivor.id, ACTOR)
    made = followed(other)
    assert (made.requester_name, made.phone, made.follows) == ("Dewi", None, other.id)


def test_what_follows_a_confidential_report_is_confidential() -> None:
    secret = filed(confidential=True)
    with transaction():
        tickets.spam(secret.id, ACTOR)
    assert followed(secret).confidential


def test_what_follows_or_was_part_of_a_report_apart_stays_apart() -> None:
    ticket, apart = filed(), queue_id("inspektorat")
    with transaction():
        changes.move(ticket.id, apart, "Pungli.", ACTOR)
    with transaction():
        written = requester.write(ticket.id, "Nama petugasnya saya tahu.")
    assert written.message is not None
    with transaction():
        receipt = splitting.split(ticket.id, written.message.id, ACTOR)
    assert fresh(receipt.ticket_id).queue_id == apart
    with transaction():
        tickets.spam(ticket.id, ACTOR)
    assert followed(ticket).queue_id == apart


def test_a_report_apart_never_goes_into_one_of_the_offices_own_queues() -> None:
    apart, ordinary = report("pungli"), filed()
    with pytest.raises(Invalid):
        merged(apart, ordinary)
    merged(ordinary, apart)
    assert fresh(ordinary.id).merged_into == apart.id


def test_whoever_was_merged_twice_reads_each_survivor_from_the_moment_of_standing_in_it(
    clock: MovableClock,
) -> None:
    a, b, c = filed(), filed(), filed()
    merged(a, b)
    clock.forward(timedelta(minutes=1))
    answered(c, "Hanya untuk C.")
    answered(b, "Untuk A dan B.")
    with transaction():
        requester.write(a.id, "Kata A.")
    clock.forward(timedelta(minutes=1))
    merged(b, c)
    clock.forward(timedelta(minutes=1))
    answered(c, "Untuk semua.")
    lines = conversation.for_citizen(fresh(a.id), clock.at).lines
    assert [line["text"] for line in lines] == [
        "Izin saya.",
        "Untuk A dan B.",
        "Kata A.",
        "Untuk semua.",
    ]


@pytest.mark.parametrize("which", ["survivor", "other"])
def test_nothing_is_merged_while_a_reply_to_one_of_them_is_held(
    clock: MovableClock, which: str
) -> None:
    both = {"survivor": filed(), "other": filed()}
    with transaction():
        held.answer(both[which].id, "Hanya untuk satu.", ACTOR, HOLD)
    with pytest.raises(IllegalMove):
        merged(both["other"], both["survivor"])
    clock.forward(HOLD)
    held.send_what_left(clock.at)
    clock.forward(timedelta(seconds=1))
    merged(both["other"], both["survivor"])
    said = select(Message.ticket_id).where(Message.body == "Hanya untuk satu.")
    lines = conversation.for_citizen(fresh(both["other"].id), clock.at).lines
    read = "Hanya untuk satu." in [line["text"] for line in lines]
    assert db.session.scalars(said).one() == both[which].id
    assert read is (which == "other")
