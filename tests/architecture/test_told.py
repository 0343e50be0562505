"""What can happen to a report has its words and its audience; what is mailed has its letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

import app as whole  # noqa: F401 -- every room declares its kinds
from core.event_kinds import KINDS, Kind, Visibility
from core.events import Event
from core.mails.mailbox import WRITERS
from helpdesk.escalations import ladder
from helpdesk.notifying import digests, letters, notifications, reaching, step_letters
from helpdesk.wording import event_labels

LETTERS = Path(__file__).parents[2] / "templates" / "emails"

# Subjects other than a ticket, and what tests declare; no thread or journey shows these.
ELSEWHERE = (
    "USER_", "PASSWORD_", "SESSIONS_", "ROLES_", "ROUTE", "QUEUE_", "MEMBER", "CALENDAR_PUBLISHED",
    "CALENDAR_EDITED", "POLICY_PUBLISHED", "POLICY_RETIRED", "POLICY_PLACED", "MOVE_",
    "TEST_", "DELIVERY_", "LETTER_TRIED", "LETTER_GIVEN",
    "ESCALAT", "LEVEL_", "LEAVE_", "SIGHTING_", "PATTERNS_", "WINDOWS_",
)  # fmt: skip
OF_TICKETS = [kind for name, kind in sorted(KINDS.items()) if not name.startswith(ELSEWHERE)]

# The dates that it moved say it, each by an event of its own.
SAID_BY_OTHERS = {"CALENDAR_MOVED", "POLICY_MOVED"}
AT = "2026-11-24T02:00:00.000000Z"
SAMPLE = {
    "metric": "RESOLUTION", "class": "INFORMATION", "was": "COMPLAINT", "priority": "HIGH",
    "promised": AT, "due": AT,
}  # fmt: skip


def event(kind: Kind) -> Event:
    """One of this kind, with all that it may carry."""
    data = {key: SAMPLE.get(key, 1) for key in kind.needs | kind.may}
    return Event(kind=kind.name, subject="ticket:1", actor="user:1", data=data)


@pytest.mark.parametrize("kind", OF_TICKETS, ids=lambda kind: kind.name)
def test_what_happens_to_a_report_has_words_for_the_office(app: Flask, kind: Kind) -> None:
    with app.test_request_context("/"):
        assert event_labels.for_office(event(kind), {}) or kind.name in SAID_BY_OTHERS


@pytest.mark.parametrize("kind", OF_TICKETS, ids=lambda kind: kind.name)
def test_the_citizen_has_words_for_what_is_public_and_for_nothing_else(
    app: Flask, kind: Kind
) -> None:
    with app.test_request_context("/"):
        told = event_labels.for_citizen(event(kind))
    assert bool(told) == (kind.visibility is Visibility.PUBLIC), told


def test_all_that_is_ordered_is_written_and_all_that_is_written_is_ordered(app: Flask) -> None:
    ordered = {*notifications.TO_REQUESTER.values(), *notifications.MAILED_TO_STAFF.values()}
    ordered |= {digests.LETTER, ladder.STEPPED, ladder.ESCALATED, reaching.GATHERED}
    written = {*letters.TO_REQUESTER, *letters.TO_STAFF, digests.LETTER, *step_letters.KINDS}
    assert ordered == written == set(WRITERS)


def test_each_letter_has_both_its_forms_and_a_subject(app: Flask) -> None:
    forms = {file.name for file in LETTERS.iterdir() if not file.name.startswith("_")}
    assert forms == {f"{kind}.{form}" for kind in WRITERS for form in ("txt", "html")}
    with app.test_request_context("/"):
        assert digests.subject_line()
        assert all(
            "T-1" in letters.subject_line(kind, "T-1")
            for kind in set(WRITERS) - {digests.LETTER, *step_letters.KINDS}
        )
