"""Pages that only read: nothing is changed by looking, and nothing prepared is forgotten."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text

from core.database import db, only_reads, transaction
from helpdesk.models import Queue


def test_a_page_that_only_reads_cannot_write(committed_app: Flask) -> None:
    with committed_app.app_context():
        only_reads()
        with pytest.raises(RuntimeError, match="only reads"):
            db.session.execute(insert(Queue), [{"key": "a", "name": "A"}])
        with pytest.raises(RuntimeError, match="only reads"):
            db.session.execute(text("  UPDATE queues SET name = 'B'"))
        with pytest.raises(RuntimeError, match="only reads"):
            db.session.execute(text("WITH gone AS (DELETE FROM queues) SELECT 1"))


def test_a_transaction_opened_meanwhile_commits_and_rolls_back_as_ever(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        only_reads()
        before = db.session.scalar(select(func.count()).select_from(Queue))
        with pytest.raises(KeyError), transaction() as session:
            session.add(Queue(key="a", name="A"))
            session.flush()
            raise KeyError
        assert db.session.scalar(select(func.count()).select_from(Queue)) == before
        with transaction() as session:
            session.add(Queue(key="b", name="B"))
        assert db.session.scalar(select(func.count()).select_from(Queue)) == before + 1


def test_the_driver_keeps_what_it_prepared_from_page_to_page(committed_app: Flask) -> None:
    kept = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%queues%'")
    for _ in range(8):
        with committed_app.app_context():
            only_reads()
            db.session.execute(select(Queue.id)).all()
    with committed_app.app_context():
        only_reads()
        assert db.session.scalar(kept) == 1


def test_a_page_is_asked_for_without_a_transaction_around_it(committed_app: Flask) -> None:
    inside = text("SELECT transaction_timestamp() = statement_timestamp()")

    @committed_app.get("/_alone")
    def alone() -> str:
        db.session.execute(text("SELECT pg_sleep(0.01)"))
        return str(db.session.scalar(inside))

    assert committed_app.test_client().get("/_alone").get_data(as_text=True) == "True"
