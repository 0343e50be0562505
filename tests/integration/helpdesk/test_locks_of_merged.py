"""Whoever writes to a merged report never waits across somebody who holds both in order."""

from __future__ import annotations

import threading
import uuid

from flask import Flask
from sqlalchemy import text

import prepare
from core.database import db, transaction
from helpdesk import filing, requester
from helpdesk.acts import lock
from helpdesk.relations import merging
from helpdesk.rules.vocabulary import TicketClass

ACTOR = "user:1"
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock'"
)


def test_words_to_a_merged_report_and_its_parting_do_not_wait_for_each_other(
    committed_app: Flask,
) -> None:
    failed: list[BaseException] = []
    with committed_app.app_context():
        prepare.starting_data()
        ids = []
        for _ in range(2):
            with transaction():
                one = filing.Filing(TicketClass.COMPLAINT, "Izin saya.", uuid.uuid4().hex)
                ids.append(filing.file(one).ticket_id)
        survivor, other = ids  # the survivor's lock comes first
        with transaction():
            merging.merge(other, survivor, ACTOR)

    def write() -> None:
        with committed_app.app_context():
            try:
                with transaction():
                    requester.write(other, "Masih menunggu.")
            except BaseException as error:  # noqa: BLE001 -- told by the test's own thread
                failed.append(error)
            finally:
                db.session.remove()

    writer = threading.Thread(target=write)
    with committed_app.app_context():
        with transaction():
            lock(survivor)
            writer.start()
            while not db.session.scalar(WAITING):
                writer.join(0.02)
                assert writer.is_alive()
                db.session.execute(text("SELECT pg_stat_clear_snapshot()"))
            merging.unmerge(other, ACTOR)
        writer.join(30)
        assert failed == []
        asked = text("SELECT ticket_id, author FROM messages WHERE body = 'Masih menunggu.'")
        assert db.session.execute(asked).one() == (other, "requester")
