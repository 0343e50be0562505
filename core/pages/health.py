"""Is it alive, and is it ready? Readiness says what is wrong, in words."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import overdue
from core.aside import setting
from core.database import db
from core.redis import Away, hints
from core.running import prepared

blueprint = Blueprint("health", __name__)

Check = Callable[[], str | None]
CHECKS: list[Check] = []


def check(function: Check) -> Check:
    """Register a check: None if all is well, else a sentence."""
    if function not in CHECKS:
        CHECKS.append(function)
    return function


SOON: list[Check] = [setting.for_readiness]


def soon(function: Check) -> Check:
    """Register what will go wrong if nobody acts, while all is ready still."""
    if function not in SOON:
        SOON.append(function)
    return function


def database_answers() -> str | None:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return "The database does not answer."
    return None


def queue_answers() -> str | None:
    try:
        hints(current_app.config["REDIS_URL"]).ping()
    except (Away, OSError):
        return "The job queue does not answer; deadlines are kept, notices wait."
    return None


def troubles() -> list[str]:
    """All that is wrong; without a database to ask the other checks are left out."""
    away = database_answers() or prepared.lacking()
    if away:
        return [away]
    return [found for ask in [queue_answers, overdue.for_readiness, *CHECKS] if (found := ask())]


@blueprint.get("/healthz")
def live() -> Response:
    """Alive: this process answers."""
    return jsonify({"status": "alive"})


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    began = time.monotonic()
    found = troubles()
    body = {
        "status": "ready" if not found else "not ready",
        "wrong": found,
        "soon": [] if found else [words for ask in SOON if (words := ask())],
        "took_ms": round((time.monotonic() - began) * 1000, 1),
    }
    return jsonify(body), 503 if found else 200
