"""Connections to the Redis-compatible server, which holds only what can be rebuilt.

Nothing waits for it: connecting and answering have short limits, and after a failure callers are
told "away" for a moment instead of trying again at once.
"""

from __future__ import annotations

import time
from functools import lru_cache

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

SHORT = 0.5  # seconds
REST_AFTER_FAILURE = 1.0  # seconds, monotonic

Away = redis.RedisError
_rest_until: dict[str, float] = {}


@lru_cache(maxsize=4)
def hints(url: str) -> redis.Redis:
    """The connection pool for hints and enqueuing: gives up quickly."""
    return redis.Redis.from_url(
        url,
        socket_timeout=SHORT,
        socket_connect_timeout=SHORT,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )


def for_worker(url: str) -> redis.Redis:
    """A worker's own connection: it waits on the queue, so it has no reading limit."""
    return redis.Redis.from_url(url, socket_connect_timeout=SHORT, protocol=2)


def resting(url: str) -> bool:
    """True for a moment after a failure, so that a dead server costs one try a second."""
    return time.monotonic() < _rest_until.get(url, 0.0)


def failed(url: str) -> None:
    """This server did not answer: leave it alone for a moment."""
    _rest_until[url] = time.monotonic() + REST_AFTER_FAILURE
