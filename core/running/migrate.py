"""Bringing a database to the newest schema, as its owner; the application's role owns nothing.

The application may read and write tables, but of the log it may only append and read: there its
role has INSERT and SELECT, and triggers refuse everybody else's UPDATE, DELETE and TRUNCATE.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Connection

from core.running.refusal import Refused

FOLDER = Path(__file__).parents[2] / "migrations"
APPEND_ONLY = ("events", "seals")
# Timers and events name their rows for good.
RULES = ("policies", "calendars")
KEPT = (*RULES, "citizen_windows")
TURN = 7_427_001  # any fixed number: two starts on one database take turns


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    return made


def upgrade(owner_url: str, application_url: str, *, strictly: bool = False) -> None:
    """Run what is missing, then grant the application's role what it needs. `strictly`: raises
    Refused, and leaves the database as it was, if that role could do more than that."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": TURN})
        alembic = config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "head")
        role = make_url(application_url).username
        if role and role != make_url(owner_url).username:
            grant(connection, role)
        if strictly and (role is None or too_mighty(connection, role)):
            raise Refused(
                f"The role {role} of DATABASE_URL could change the log or the tables. In "
                "production it must be no superuser and own nothing."
            )
    engine.dispose()


def too_mighty(connection: Connection, role: str) -> bool:
    """Could this role change what was logged, or the schema?"""
    named = {"role": role}
    owns = text("SELECT has_schema_privilege(:role, 'public', 'CREATE')")
    edits = text("SELECT has_table_privilege(:role, :t, 'UPDATE, DELETE, TRUNCATE')")
    return bool(connection.execute(owns, named).scalar()) or any(
        connection.execute(edits, {**named, "t": table}).scalar() for table in _log(connection)
    )


def _log(connection: Connection) -> list[str]:
    """Those of the append-only tables that exist."""
    return _there(connection, APPEND_ONLY)


def _there(connection: Connection, tables: Sequence[str]) -> list[str]:
    asked = text("SELECT to_regclass(:t)")
    return [t for t in tables if connection.execute(asked, {"t": t}).scalar()]


def _columns(connection: Connection, table: str, but: Sequence[str]) -> list[str]:
    asked = text(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(:t) AND attnum > 0"
        " AND NOT attisdropped ORDER BY attnum"
    )
    return [name for name in connection.execute(asked, {"t": table}).scalars() if name not in but]


def grant(connection: Connection, role: str) -> None:
    """Rights of the application's role on everything that exists now."""
    name = connection.dialect.identifier_preparer.quote(role)
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
    ]
    if (connection.dialect.server_version_info or (0,)) >= (17,):
        # To ANALYZE after a large import; older servers leave that to autovacuum. Of the log
        # never: with it one may lock out everybody else.
        statements.append(f"GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {name}")
        statements += [f"REVOKE MAINTAIN ON {table} FROM {name}" for table in _log(connection)]
    statements += [
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {name}" for table in _log(connection)
    ]
    if connection.execute(text("SELECT to_regproc('hold_the_log')")).scalar():
        statements.append(f"GRANT EXECUTE ON FUNCTION hold_the_log() TO {name}")
    statements += [
        f"REVOKE DELETE, TRUNCATE ON {table} FROM {name}" for table in _there(connection, KEPT)
    ]
    if _there(connection, ["events"]):
        # Which number and which transaction an event has is the database's word alone: else one
        # could be put where the log was read and sealed already.
        said = ", ".join(_columns(connection, "events", but=("id", "xid")))
        statements.append(f"REVOKE INSERT ON events FROM {name}")
        statements.append(f"GRANT INSERT ({said}) ON events TO {name}")
    if len(_there(connection, RULES)) == len(RULES):
        # What promises are explained by is never edited; places are spread anew (sla.policies).
        statements += [f"REVOKE UPDATE ON {table} FROM {name}" for table in RULES]
        statements.append(f"GRANT UPDATE (position) ON policies TO {name}")
    for statement in statements:
        connection.execute(text(statement))
