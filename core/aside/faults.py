"""What went wrong, in two words that a table may keep: a class or code, and a place in our code."""

from __future__ import annotations

import traceback
from pathlib import Path

import psycopg
from sqlalchemy.exc import DBAPIError

ROOT = Path(__file__).resolve().parents[2]
UNFINISHED = "Unfinished"  # it was begun again and again, and whoever did so never came back


def code(error: BaseException) -> str:
    """The error's class, or the database's own code for what it refused; nothing that it says."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(inner, psycopg.Error) and inner.sqlstate:
        return f"{type(inner).__name__} {inner.sqlstate}"
    return type(error).__name__


def place(error: BaseException) -> str:
    """The innermost line of ours that it went through, such as "core/outbox.py:120"."""
    found = ""
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts:
            found = f"{path.relative_to(ROOT)}:{frame.lineno}"
    return found
