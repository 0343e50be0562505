"""Small tables in memory: never out of date, and asked for only after a change."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.database import db, transaction
from core.storage import opening
from core.storage.kept import kept
from helpdesk.models import Queue
from tests.counting import statements


@kept("queues")
def keys() -> tuple[str, ...]:
    return tuple(db.session.scalars(select(Queue.key).order_by(Queue.key)))


def test_every_watched_table_has_its_trigger_and_its_mark(db_session: Session) -> None:
    triggers = db_session.scalars(
        text(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname = c.relname || '_another_mark'"
        )
    )
    assert set(triggers) == opening.WATCHED
    assert set(opening.opening().marks) == opening.WATCHED


def test_a_table_that_nobody_watches_cannot_be_kept() -> None:
    with pytest.raises(ValueError, match="tickets"):
        kept("tickets")(tuple)


def test_a_change_of_the_same_transaction_is_seen(db_session: Session) -> None:
    before = keys()
    db_session.add(Queue(key="arsip", name="Arsip"))
    db_session.flush()
    assert set(keys()) == {*before, "arsip"}
    db_session.rollback()
    assert keys() == before


def test_what_was_rolled_back_never_passes_for_what_is_committed_next(committed_app: Flask) -> None:
    with committed_app.app_context():
        with pytest.raises(RuntimeError), transaction() as session:
            session.add(Queue(key="satu", name="Satu"))
            session.flush()
            assert "satu" in keys()
            raise RuntimeError
        with transaction() as session:
            session.add(Queue(key="dua", name="Dua"))
        assert "satu" not in keys()
        assert "dua" in keys()


def test_a_change_by_somebody_else_is_seen_from_the_next_transaction_on(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        assert "lain" not in keys()
        with db.engine.begin() as elsewhere:
            elsewhere.execute(text("INSERT INTO queues (key, name) VALUES ('lain', 'Lain')"))
        db.session.rollback()
        assert "lain" in keys()


def test_an_unchanged_table_costs_one_statement_a_transaction(committed_app: Flask) -> None:
    with committed_app.app_context():
        keys()
        db.session.rollback()
        with statements() as said:
            for _ in range(3):
                keys()
        assert len(said) == 1
