"""Is the database prepared for this code? Asked by commands, workers and readiness."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from core.database import db
from core.running.refusal import Refused

ORDER = "flask --app app prepare"

# Each feature says whether its starting data are there.
STARTING_DATA: list[Callable[[], bool]] = []


def starting_data(there: Callable[[], bool]) -> None:
    """Register a question: True once this feature's starting data are in the database."""
    if there not in STARTING_DATA:
        STARTING_DATA.append(there)


@lru_cache(maxsize=1)
def schemas() -> tuple[str, ...]:
    """The schemas that this code knows, the one that it needs first."""
    from alembic.script import ScriptDirectory

    from core.running.migrate import config

    known = ScriptDirectory.from_config(config()).walk_revisions()
    return tuple(str(one.revision) for one in known)


def schema() -> str | None:
    """The schema that the database has; None for an empty one."""
    if db.session.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
        return None
    found: str | None = db.session.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return found


def lacking() -> str | None:
    """What is not prepared, as a sentence that names the command; None if all is."""
    try:
        return _lacking()
    except ProgrammingError as error:  # no rights yet: preparing gives them
        db.session.rollback()
        return f"{unusable(error)}. Run: {ORDER}"


def _lacking() -> str | None:
    found = schema()
    if found is None:
        return f"The database is not prepared yet. Run: {ORDER}"
    # One that we do not know is newer: a next version is being brought in beside us.
    if found in schemas()[1:]:
        return f"The database has the schema {found}, and we need {schemas()[0]}. Run: {ORDER}"
    if not all(there() for there in STARTING_DATA):
        return f"The database has no starting data yet. Run: {ORDER}"
    return None


def demand() -> None:
    """Raise Refused on a database that is not prepared; one that is away may still come."""
    try:
        found = lacking()
    except DBAPIError:
        found = None
    finally:
        db.session.remove()
    if found:
        raise Refused(found)


def unusable(error: DBAPIError) -> str:
    """The server's own first line; it names hosts and roles, never a password."""
    said = str(error.orig).strip().splitlines()
    return f"The database cannot be used: {said[0] if said else type(error).__name__}"
