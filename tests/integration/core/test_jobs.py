"""The job queue runs what we listed, and nothing that somebody forged into Redis."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from rq import Callback, Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import text

from core import jobs
from core.database import db

SEEN: list[int] = []


@jobs.job
def note_number(number: int) -> None:
    SEEN.append(number)


@jobs.job
def cast_words(typed: str) -> None:
    db.session.execute(text("SELECT CAST(:typed AS integer)"), {"typed": typed})


def _work(app: Flask) -> None:
    with app.app_context():
        jobs.make_worker(app).work(burst=True, logging_level="CRITICAL")


@jobs.job
def fail() -> None:
    raise RuntimeError("this job cannot be done")


def _forge(app: Flask, function: str, *args: object, **kwargs: object) -> str:
    """A job as somebody with access to Redis would write it."""
    queue = Queue(
        jobs.QUEUE,
        connection=jobs.queue_on(app.config["REDIS_URL"]).connection,
        job_class=Job,
        serializer=JSONSerializer,
    )
    return str(queue.enqueue_call(function, args=args, **kwargs).id)  # type: ignore[arg-type]


def test_a_listed_job_runs(committed_app: Flask) -> None:
    SEEN.clear()
    with committed_app.app_context():
        assert jobs.enqueue(note_number, 5)
    _work(committed_app)
    assert SEEN == [5]


def test_of_a_failed_job_the_queue_keeps_no_value_that_the_database_refused(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        queue = jobs.queue_on(committed_app.config["REDIS_URL"])
        job = queue.enqueue_call(cast_words.job_name, args=["Siti Rahmawati"])  # type: ignore[attr-defined]
    _work(committed_app)
    found = job.latest_result()
    assert found is not None
    assert found.exc_string is not None
    assert "sqlstate=22P02" in found.exc_string
    assert "Siti" not in found.exc_string


def test_a_failed_job_is_set_down_as_failed_and_waits_for_no_scheduler(
    committed_app: Flask,
) -> None:
    """Nobody runs the queue's own scheduler: what it was given would lie there for ever."""
    with committed_app.app_context():
        queue = jobs.queue_on(committed_app.config["REDIS_URL"])
        assert jobs.enqueue(fail)
        (ident,) = queue.job_ids
    _work(committed_app)
    assert ident in queue.failed_job_registry.get_job_ids()
    assert ident not in queue.scheduled_job_registry.get_job_ids()


@pytest.mark.parametrize("function", ["os.mkdir", "builtins.eval", "core.jobs.run_worker"])
def test_a_forged_job_is_not_run(committed_app: Flask, tmp_path: Path, function: str) -> None:
    made = tmp_path / "made"
    _forge(committed_app, function, str(made))
    _work(committed_app)
    assert not made.exists()


def test_callbacks_of_a_forged_job_are_not_run(committed_app: Flask, tmp_path: Path) -> None:
    SEEN.clear()
    name = note_number.job_name  # type: ignore[attr-defined]
    _forge(committed_app, name, 6, on_success=Callback("os.mkdir"))
    _work(committed_app)
    assert SEEN == [6]


def test_a_queue_that_is_away_loses_nothing_and_stops_nobody(committed_app: Flask) -> None:
    committed_app.config["REDIS_URL"] = "unix:///nowhere/at/all.sock"
    with committed_app.app_context():
        assert jobs.enqueue(note_number, 7) is False
