"""Errors put into words for the log: where it happened and what it is, never what people typed.

A database's own words hold the values that it refused ("Key (email)=(…) already exists", "Failing
row contains (…)"), so of such an error only codes and names of the schema are told.
"""

from __future__ import annotations

import traceback

import psycopg
from sqlalchemy.exc import DBAPIError

CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"


def trace(error: BaseException) -> str:
    """The error and what led to it, the oldest first, as Python's own traces have it."""
    return "".join(_lines(error, set())).rstrip("\n")


def _lines(error: BaseException, seen: set[int]) -> list[str]:
    seen.add(id(error))
    before: list[str] = []
    cause, context = error.__cause__, error.__context__
    if cause is not None and id(cause) not in seen:
        before = [*_lines(cause, seen), CAUSE]
    elif context is not None and not error.__suppress_context__ and id(context) not in seen:
        before = [*_lines(context, seen), CONTEXT]
    own = ["Traceback (most recent call last):\n", *traceback.format_tb(error.__traceback__)]
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    inner = [line for part in parts for line in _lines(part, seen)]
    return [*before, *own, f"{words(error)}\n", *inner]


def words(error: BaseException) -> str:
    """An error in one line: its class, and of what it says only what no person typed."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, DBAPIError):
        inner = error.orig
        known = _codes(inner) if isinstance(inner, psycopg.Error) else ""
        return f"{name}: {known} [SQL: {error.statement}]"  # values stand in the parameters
    if isinstance(error, psycopg.Error):
        return f"{name}: {_codes(error)}"
    if isinstance(error, BaseExceptionGroup):
        return f"{name}: {error.message}"
    return f"{name}: {error}" if str(error) else name


def _codes(error: psycopg.Error) -> str:
    told = error.diag
    known = {
        "sqlstate": told.sqlstate or error.sqlstate,
        "constraint": told.constraint_name,
        "table": told.table_name,
        "column": told.column_name,
    }
    return " ".join(f"{name}={value}" for name, value in known.items() if value)
