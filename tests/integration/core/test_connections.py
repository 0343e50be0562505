"""Few connections serve many: none is held during slow work, and the line for one has an end."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from core.database import db, transaction
from core.running.throwaway import Servers
from core.storage.pool import WAITING_EACH, ShortLine
from core.threads import aside


def _in_use() -> int:
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def test_slow_work_gives_the_connection_back_first(committed_app: Flask) -> None:
    with committed_app.app_context():
        db.session.execute(text("SELECT 1"))
        assert _in_use() == 1
        assert aside("test", _in_use) == 0


@pytest.mark.usefixtures("db_session")
def test_slow_work_with_a_transaction_open_is_refused() -> None:
    with pytest.raises(RuntimeError, match="slow"), transaction():
        aside("test", lambda: None)


def test_whoever_could_not_be_served_in_time_is_told_so_at_once(
    app: Flask, servers: Servers
) -> None:
    with servers.cloned() as database:
        address = servers.settings(database).database_url
        assert address is not None
        engine = create_engine(
            address, poolclass=ShortLine, pool_size=1, max_overflow=0, pool_timeout=60
        )
        pool = engine.pool
        assert isinstance(pool, ShortLine)
        served: list[int] = []

        def ask() -> None:
            with engine.connect() as connection:
                served.append(connection.execute(text("SELECT 1")).scalar_one())

        waiting = [threading.Thread(target=ask) for _ in range(WAITING_EACH)]
        with engine.connect():
            for one in waiting:
                one.start()
            while pool.waiting < WAITING_EACH:
                threading.Event().wait(0.01)
            with pytest.raises(PoolTimeout):
                engine.connect()
            assert served == []
        for one in waiting:
            one.join(60)
        engine.dispose()
        assert served == [1] * WAITING_EACH


def test_the_pool_of_an_app_is_such_a_one(app: Flask) -> None:
    with app.app_context():
        assert isinstance(db.engine.pool, ShortLine)
