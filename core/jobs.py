"""The job queue: RQ, ids only, and only functions that we listed.

A JSON serializer alone does not make an exposed queue safe, since a forged job may name any
importable function; so our job class knows a short list, has no callbacks and no webhooks, and
looks nothing up by import. Deadlines never depend on this queue: the sweeper enqueues anew what
waits in the database.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from rq import Queue, SimpleWorker
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException
from sqlalchemy.exc import DBAPIError

from core import outbox
from core.live.soon import soon
from core.pages.traces import words
from core.redis import Away, failed, for_worker, hints, resting

log = logging.getLogger(__name__)

QUEUE = "tanggap"
JOB_SECONDS = 120
KEEP_FAILED_SECONDS = 7 * 24 * 3600

_ALLOWED: dict[str, Callable[..., Any]] = {}


class NotListed(Exception):
    """A job named a function that is not one of ours."""


class Failed(Exception):
    """What is kept of an error of the database, without the values that it refused."""


class ListedJob(Job):
    """A job that runs listed functions only, with neither callbacks nor webhooks."""

    def restore(self, raw_data: Any) -> None:
        """What cannot be read as a job is none, and the worker goes on with the next one."""
        try:
            super().restore(raw_data)
        except Exception as error:
            raise NoSuchJobError("This is no job.") from error

    @property
    def func(self) -> Callable[..., Any]:
        name = self.func_name
        if self.instance is not None or name not in _ALLOWED:
            raise NotListed(f"The function {name!r} is not a listed job.")
        return _ALLOWED[name]

    @property
    def success_callback(self) -> None:
        return None

    @property
    def failure_callback(self) -> None:
        return None

    @property
    def stopped_callback(self) -> None:
        return None

    def send_webhooks(self, *args: object, **kwargs: object) -> None:
        """Never: a forged job must not make us call an address."""


def job(function: Callable[..., Any]) -> Callable[..., Any]:
    """List a function as a job; it runs in an application context (and session) of its own."""

    @functools.wraps(function)
    def run(*args: Any) -> Any:
        with current_app._get_current_object().app_context():  # type: ignore[attr-defined]
            try:
                return function(*args)
            except DBAPIError as error:
                # The queue keeps a failed job's words for days, and logs them as they are.
                log.exception("a job met an error of the database")
                raise Failed(words(error)) from None

    _ALLOWED[f"{function.__module__}.{function.__name__}"] = run
    run.job_name = f"{function.__module__}.{function.__name__}"  # type: ignore[attr-defined]
    return run


def queue_on(url: str, *, waits: bool = False) -> Queue:
    connection = for_worker(url) if waits else hints(url)
    return Queue(
        QUEUE,
        connection=connection,
        job_class=ListedJob,
        serializer=JSONSerializer,
        default_timeout=JOB_SECONDS,
    )


def enqueue(function: Callable[..., Any], *ids: int | str, once: str | None = None) -> bool:
    """Ask a worker to run a listed job; False if the queue is away (nothing is lost by that).

    `once` names a mark that keeps a second copy from queueing up behind a waiting one. A job that
    fails is not tried again by the queue: the sweeper asks anew while something waits.
    """
    if resting(current_app.config["REDIS_URL"]):
        return False
    queue = queue_on(current_app.config["REDIS_URL"])
    try:
        if once and not queue.connection.set(f"once:{once}", "1", nx=True, ex=5):
            return True
        queue.enqueue_call(
            function.job_name,  # type: ignore[attr-defined]
            args=ids,
            result_ttl=0,
            failure_ttl=KEEP_FAILED_SECONDS,
            description=function.__name__,
        )
    except (Away, OSError):
        failed(current_app.config["REDIS_URL"])
        log.warning("the job queue is away; the sweeper will enqueue again")
        return False
    return True


def begun(mark: str) -> None:
    """Take away the mark of `once`: what is enqueued from now on needs another run."""
    try:
        hints(current_app.config["REDIS_URL"]).delete(f"once:{mark}")
    except (Away, OSError):
        failed(current_app.config["REDIS_URL"])


@job
def deliver(subscriber: str) -> None:
    """Carry out the deliveries that wait for one subscriber.

    While it works, commits need not enqueue anything: the mark is taken away only when nothing is
    left, and what came in between is looked for once more.
    """
    if subscriber not in outbox.HANDLERS:
        return
    outbox.drain(subscriber)
    begun(subscriber)
    outbox.drain(subscriber)


def wake(subscribers: set[str]) -> None:
    """Enqueue one delivery job for each subscriber that has something waiting."""
    for name in sorted(subscribers):
        soon(("deliver", name), functools.partial(enqueue, deliver, name, once=name))


def make_worker(app: Flask) -> SimpleWorker:
    """A worker without forks (700 jobs a second instead of 130); a dead one is replaced soon."""
    queue = queue_on(app.config["REDIS_URL"], waits=True)
    return SimpleWorker(
        [queue],
        connection=queue.connection,
        job_class=ListedJob,
        serializer=JSONSerializer,
        worker_ttl=30,
        maintenance_interval=10,
        job_monitoring_interval=5,
        log_job_description=False,
    )


def run_worker(app: Flask) -> None:
    """Work until told to stop (SIGTERM finishes the job at hand)."""
    with app.app_context():
        make_worker(app).work(logging_level="WARNING", with_scheduler=False)


__all__ = ["JobTimeoutException", "deliver", "enqueue", "job", "make_worker", "run_worker", "wake"]
