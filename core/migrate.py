"""Bringing a database to the newest schema, as its owner; the application's role owns nothing.

The application may read and write tables, but of the log it may only append and read: there its
role has INSERT and SELECT, and triggers refuse everybody else's UPDATE, DELETE and TRUNCATE.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Connection

FOLDER = Path(__file__).parent.parent / "migrations"
APPEND_ONLY = ("events", "seals")
LOCK = 7_427_001  # any fixed number: two starts on one database take turns


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    return made


def upgrade(owner_url: str, application_url: str) -> None:
    """Run what is missing, then grant the application's role what it needs."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
        alembic = config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "head")
        role = make_url(application_url).username
        if role and role != make_url(owner_url).username:
            grant(connection, role)
    engine.dispose()


def grant(connection: Connection, role: str) -> None:
    """Rights of the application's role on everything that exists now."""
    name = connection.dialect.identifier_preparer.quote(role)
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
    ]
    for table in APPEND_ONLY:
        if connection.execute(text("SELECT to_regclass(:t)"), {"t": table}).scalar():
            statements.append(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {name}")
    for statement in statements:
        connection.execute(text(statement))
