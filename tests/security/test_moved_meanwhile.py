"""Whoever may no longer read a report by the time its lock is theirs does nothing to it."""

from __future__ import annotations

import threading
import time

import pytest
from flask import Flask
from sqlalchemy import text

import prepare
from accounts.rules.access import Role
from core.database import db, transaction
from helpdesk import acts, changes
from tests.integration.helpdesk.desk import Desk, fresh, messages, queue_id, report

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def _until_somebody_waits() -> None:
    for _ in range(200):
        with db.engine.connect() as connection:
            if connection.execute(WAITING).scalar_one():
                return
        time.sleep(0.05)
    pytest.fail("nobody waited for the lock")


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("jawaban", {"text": "Sedang kami urus."}),
        ("catatan", {"text": "Hanya untuk kami."}),
        ("prioritas", {"priority": "HIGH"}),
    ],
)
def test_what_was_moved_to_the_inspectorate_meanwhile_gets_no_answer_from_its_old_queue(
    committed_app: Flask, act: str, fields: dict[str, str]
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        agent = Desk(committed_app, "Rani", Role.AGENT, "pengaduan")
        ticket = report()
        before, status = messages(ticket), ticket.status
        db.session.remove()
        answers: list[int] = []

        def send() -> None:
            answers.append(agent.do(ticket, act, **fields).status_code)

        with transaction():
            acts.lock(ticket.id)
            sender = threading.Thread(target=send)
            sender.start()
            _until_somebody_waits()
            changes.move(ticket.id, queue_id("inspektorat"), "Pungutan liar.", "user:1")
        sender.join(30)
        assert answers == [404]
        now = fresh(ticket.id)
        assert messages(now) == before + 1  # the mover's reason
        assert (now.status, now.priority) == (status, "NORMAL")
