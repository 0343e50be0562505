"""A report is closed as a duplicate only of one that somebody answers."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask

import prepare
from core.database import db, transaction
from core.errors import Invalid
from helpdesk import requester, tickets
from helpdesk.models import Ticket
from helpdesk.relations import doubling
from tests.integration.sla.test_policy_versions import filed

ACTOR = "user:1"


def number(ticket_id: int) -> str:
    return db.session.get_one(Ticket, ticket_id, populate_existing=True).number


@pytest.mark.usefixtures("office", "clock")
def test_two_reports_are_never_closed_as_duplicates_of_each_other() -> None:
    one, other = filed(), filed()
    with transaction():
        doubling.duplicate(one, number(other), ACTOR)
    with pytest.raises(Invalid) as told, transaction():
        doubling.duplicate(other, number(one), ACTOR)
    assert list(told.value.fields) == ["of"]
    assert db.session.get_one(Ticket, other).status == "NEW"


@pytest.mark.usefixtures("office", "clock")
@pytest.mark.parametrize("end", [lambda t: tickets.spam(t, ACTOR), requester.withdraw])
def test_nothing_is_a_duplicate_of_what_ended_without_an_answer(end: Any) -> None:
    one, other = filed(), filed()
    with transaction():
        end(one)
    with pytest.raises(Invalid), transaction():
        doubling.duplicate(other, number(one), ACTOR)


def test_of_two_who_close_two_reports_as_each_others_duplicates_at_once_one_is_told(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        ids = [filed(), filed()]
        numbers = [number(one) for one in ids]
        db.session.remove()
    gate, said = threading.Barrier(2, timeout=20), list[str]()

    def close(mine: int, of: str) -> None:
        with committed_app.app_context():
            gate.wait()
            try:
                with transaction():
                    doubling.duplicate(mine, of, ACTOR)
                said.append("done")
            except Invalid:
                said.append("told")
            finally:
                db.session.remove()

    pairs = [(ids[0], numbers[1]), (ids[1], numbers[0])]
    threads = [threading.Thread(target=close, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said) == ["done", "told"]
