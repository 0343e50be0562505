"""Limits against floods, per address and hour, counted in Redis.

Guesses at passwords, codes and PINs are never counted here but in PostgreSQL; a Redis that is
away lets people through. Thousands of phones share one address of a mobile carrier, so limits are
twenty times what one person could need. LIMITS {name: number} changes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from core.callers import one_line

View = TypeVar("View", bound=Callable[..., Any])

limiter = Limiter(lambda: one_line(get_remote_address()))


def storage(redis_url: str) -> str:
    """The same server in the words of the limiter's library."""
    return f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url


def init(app: Flask) -> None:
    app.config.setdefault("RATELIMIT_STORAGE_URI", storage(app.config["REDIS_URL"]))
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", True)
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", False)
    limiter.init_app(app)


def limited(name: str, per_hour: int) -> Callable[[View], View]:
    """At most so many calls from one address in an hour, POST only."""

    def limit() -> str:
        limits: dict[str, int] = current_app.config.get("LIMITS") or {}
        return f"{int(limits.get(name, per_hour))} per hour"

    return cast(Callable[[View], View], limiter.limit(limit, methods=["POST"]))
