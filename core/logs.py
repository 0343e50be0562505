"""Log lines as JSON, one a line, each with the request's id; never a secret or personal data.

What people typed does not belong into a log at all, so nothing here tries to filter it out: events
name ids, and of the database's errors only codes are told (core.pages.traces). Addresses of
servers carry passwords, which is why settings do not show them either.
"""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from core.config import Settings
from core.pages.traces import trace

request_id: ContextVar[str] = ContextVar("request_id", default="-")

CHATTY = (
    "core.storage.pool",
    "werkzeug",
    "engineio",
    "socketio",
    "geventwebsocket",
    "rq",
    "alembic",
    "asyncio",
)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            "request": request_id.get(),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["trace"] = trace(error)
        return json.dumps(line, ensure_ascii=False, default=str)


def init(settings: Settings) -> None:
    """Send all log lines of this process to its standard error; may be called again."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    if settings.env != "test":  # in tests pytest listens
        root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
