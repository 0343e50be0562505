"""A row has its file and a file its row, however a commit ended."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

import prepare
from core import clock
from core.database import db, transaction
from core.uploads.files import Cleaned, Store
from helpdesk import filing
from helpdesk.conversations import unnamed_files
from helpdesk.models import Attachment
from helpdesk.rules.vocabulary import TicketClass

PHOTO = Cleaned("foto.jpg", "jpg", b"a picture")
DAY = timedelta(days=1)


@pytest.fixture
def files(committed_app: Flask, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store(tmp_path / "files")
    monkeypatch.setitem(committed_app.extensions, "files", made)
    with committed_app.app_context():
        prepare.starting_data()
    return made


def file_one(also: Callable[[], None] = lambda: None) -> None:
    with transaction():
        filing.file(
            filing.Filing(TicketClass.COMPLAINT, "Words.", uuid.uuid4().hex, uploads=[PHOTO])
        )
        also()


def kept(files: Store) -> list[str]:
    return sorted(p.name for p in files.folder.rglob("*") if p.is_file())


def rows() -> list[str]:
    db.session.remove()
    return sorted(db.session.scalars(select(Attachment.stored)).all())


def tidied(at: datetime) -> int:
    """All folders, each in its turn."""
    turn = timedelta(seconds=unnamed_files.EVERY)
    return sum(unnamed_files.tidy(at + n * turn) for n in range(unnamed_files.FOLDERS))


def test_a_lost_answer_to_the_commit_leaves_the_committed_row_its_file(
    committed_app: Flask, files: Store
) -> None:
    with committed_app.app_context():
        dialect = db.engine.dialect
        real = dialect.do_commit

        def lost(connection: Any) -> None:
            real(connection)
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        dialect.do_commit = lost  # type: ignore[method-assign]
        try:
            with pytest.raises(DBAPIError):
                file_one()
        finally:
            dialect.do_commit = real  # type: ignore[method-assign]
        assert len(rows()) == 1
        assert rows() == kept(files)


def test_what_is_given_up_before_the_commit_leaves_no_file(
    committed_app: Flask, files: Store
) -> None:
    def fails() -> None:
        assert len(kept(files)) == 1
        raise RuntimeError("something else is wrong")

    with committed_app.app_context():
        with pytest.raises(RuntimeError):
            file_one(fails)
        assert rows() == kept(files) == []


def test_a_file_that_no_row_names_is_set_aside_after_a_day_and_dropped_after_a_month(
    committed_app: Flask, files: Store
) -> None:
    with committed_app.app_context():
        file_one()
        named, left = rows(), files.put(b"somebody was killed")
        now = clock.now()
        long_ago = (now - 10 * DAY).timestamp()
        os.utime(files.path(named[0]), (long_ago, long_ago))
        assert tidied(now) == 0
        assert kept(files) == sorted([*named, left])
        assert tidied(now + 2 * DAY) == 1
        assert not files.path(left).exists()
        assert kept(files) == sorted([*named, left])
        assert tidied(now + 20 * DAY) == 0
        assert kept(files) == sorted([*named, left])
        tidied(now + 40 * DAY)
        assert kept(files) == named


def test_a_command_names_the_rows_whose_file_is_gone(committed_app: Flask, files: Store) -> None:
    run = committed_app.test_cli_runner().invoke
    with committed_app.app_context():
        file_one()
        file_one()
    assert run(args=["check-files"]).exit_code == 0
    with committed_app.app_context():
        gone = db.session.scalars(select(Attachment).order_by(Attachment.id)).first()
        assert gone is not None
        files.drop(gone.stored)
        ident = gone.id
    found = run(args=["check-files"])
    assert found.exit_code == 1
    assert found.output.splitlines() == [
        "1 attachments without their file",
        f"  attachment {ident}",
    ]
