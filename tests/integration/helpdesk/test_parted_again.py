"""After a merge is undone its requester keeps what they wrote and read there, and nothing more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.clock import MovableClock
from core.database import transaction
from helpdesk import requester, tickets
from helpdesk.conversations import conversation
from helpdesk.models import Ticket
from helpdesk.relations import merging
from tests.counting import statements
from tests.integration.helpdesk.desk import fresh, report

pytestmark = pytest.mark.usefixtures("office")
ACTOR = "user:1"


def step(clock: MovableClock) -> None:
    clock.forward(timedelta(minutes=1))


def wrote(ticket: Ticket, words: str) -> None:
    with transaction():
        requester.write(ticket.id, words)


def answered(ticket: Ticket, words: str) -> None:
    with transaction():
        tickets.answer(ticket.id, words, ACTOR)


def merged(ticket: Ticket, into: Ticket) -> None:
    with transaction():
        merging.merge(ticket.id, into.id, ACTOR)


def parted(ticket: Ticket) -> None:
    with transaction():
        merging.unmerge(ticket.id, ACTOR)


def read(ticket: Ticket, clock: MovableClock) -> list[str]:
    return [line["text"] for line in conversation.for_citizen(fresh(ticket.id), clock.at).lines]


def test_they_keep_their_words_and_the_replies_of_the_time_between(clock: MovableClock) -> None:
    survivor, other = report(body="Milik A."), report(body="Milik B.")
    answered(survivor, "Hanya untuk A.")
    step(clock)
    merged(other, survivor)
    step(clock)
    wrote(other, "Kata B di sana.")
    wrote(survivor, "Kata A sendiri.")
    step(clock)
    answered(survivor, "Untuk keduanya.")
    step(clock)
    parted(other)
    step(clock)
    answered(survivor, "Lagi hanya untuk A.")
    answered(other, "Hanya untuk B.")
    assert read(other, clock) == [
        "Milik B.", "Kata B di sana.", "Untuk keduanya.", "Hanya untuk B.",
    ]  # fmt: skip
    assert read(survivor, clock) == [
        "Milik A.", "Hanya untuk A.", "Kata A sendiri.", "Untuk keduanya.", "Lagi hanya untuk A.",
    ]  # fmt: skip


def test_a_page_that_was_open_gets_what_comes_after_the_parting(clock: MovableClock) -> None:
    survivor, other = report(), report()
    merged(other, survivor)
    wrote(other, "Kata B di sana.")
    parted(other)
    last = conversation.for_citizen(fresh(other.id), clock.at).lines[-1]["seq"]
    answered(other, "Hanya untuk B.")
    later = conversation.for_citizen_after(fresh(other.id), clock.at, last)
    assert [line["text"] for line in later] == ["Hanya untuk B."]


def test_of_a_chain_of_which_one_link_was_undone_both_parts_are_kept(clock: MovableClock) -> None:
    a, b, c = report(body="A."), report(body="B."), report(body="C.")
    merged(a, b)
    step(clock)
    merged(b, c)
    step(clock)
    wrote(a, "Kata A di C.")
    step(clock)
    parted(b)
    step(clock)
    answered(c, "Hanya untuk C.")
    answered(b, "Untuk A dan B.")
    assert read(a, clock) == ["A.", "Kata A di C.", "Untuk A dan B."]
    assert read(c, clock) == ["C.", "Hanya untuk C."]


def test_merged_twice_into_the_same_they_read_both_times_and_not_between(
    clock: MovableClock,
) -> None:
    survivor, other = report(body="A."), report(body="B.")
    for words in ("pertama", "kedua"):
        merged(other, survivor)
        step(clock)
        answered(survivor, f"Saat {words}.")
        step(clock)
        parted(other)
        answered(survivor, f"Sesudah {words}.")
        step(clock)
    assert read(other, clock) == ["B.", "Saat pertama.", "Saat kedua."]


def test_a_report_that_was_never_merged_asks_nothing_more(clock: MovableClock) -> None:
    ticket = report()
    with statements() as sent:
        conversation.for_citizen(ticket, clock.at)
    assert not [one for one, _ in sent if "events" in one]


def test_files_are_theirs_as_the_lines_are(clock: MovableClock) -> None:
    survivor, other = report(), report()
    merged(other, survivor)
    assert conversation.requester_reads(fresh(other.id), 0) is False
    wrote(other, "Dengan berkas.")
    line = conversation.for_citizen(fresh(other.id), clock.at).lines[-1]
    parted(other)
    assert conversation.requester_reads(fresh(other.id), line["seq"])
    assert not conversation.requester_reads(fresh(survivor.id), line["seq"])
