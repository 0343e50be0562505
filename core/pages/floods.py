"""Limits against floods, per address and hour, counted in Redis.

Guesses at passwords, codes and PINs are never counted here but in PostgreSQL; a Redis that is
away or hangs lets people through, and holds up nobody. Thousands of phones share one address of a
mobile carrier, so limits are twenty times what one person could need. LIMITS {name: number}
changes them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import RedisStorage

from core.pages.callers import one_line
from core.redis import Away, failed, hints, resting

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

limiter = Limiter(lambda: one_line(get_remote_address()))


OURS = "tanggap+"


class Counts(RedisStorage):
    """The library's counts over our connections, which give up soon and rest after a failure."""

    STORAGE_SCHEME = [OURS + scheme for scheme in ("redis", "rediss", "unix")]

    def __init__(self, uri: str, **options: Any) -> None:
        self.url = uri.removeprefix(OURS)
        super().__init__(self.url, connection_pool=hints(self.url).connection_pool, **options)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """How often by now; 0 while the server does not answer."""
        if resting(self.url):
            return 0
        try:
            return super().incr(key, expiry, amount)
        except (Away, OSError):
            failed(self.url)
            log.warning("floods are not counted: Redis does not answer")
            return 0


def init(app: Flask) -> None:
    app.config.setdefault("RATELIMIT_STORAGE_URI", OURS + app.config["REDIS_URL"])
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", True)
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", False)
    limiter.init_app(app)


def limited(name: str, per_hour: int) -> Callable[[View], View]:
    """At most so many calls from one address in an hour, POST only."""

    def limit() -> str:
        limits: dict[str, int] = current_app.config.get("LIMITS") or {}
        return f"{int(limits.get(name, per_hour))} per hour"

    return cast(Callable[[View], View], limiter.limit(limit, methods=["POST"]))
