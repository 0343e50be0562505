"""What a system needs before it serves: the newest schema, the application's rights, starting data.

`flask --app app prepare` does it for production, `python app.py` at each start. It may run again
and again, and two at once take turns. The demonstration comes on top of it, in development only.
"""

from __future__ import annotations

import click
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import clock
from core.config import Settings
from core.database import db, transaction
from core.running import prepared
from core.running.commands import Command
from core.running.migrate import TURN, upgrade
from core.running.refusal import Refused
from core.storage import connections


def starting_data() -> None:
    """Calendar, policies, queues, topics, routes, places and the catalogue; what is there stays."""
    import helpdesk.setup.seed
    import permits.catalogue
    import sla.seed

    with transaction() as session:
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": TURN})
        sla.seed.seed(clock.now())
        helpdesk.setup.seed.seed()
        permits.catalogue.load()


def migrated(settings: Settings) -> None:
    """Bring the schema up to date as the database's owner. Raises Refused."""
    assert settings.database_url is not None
    owner = settings.database_owner_url
    if owner is None and prepared.schema() == prepared.schemas()[0]:
        db.session.rollback()
        return
    db.session.rollback()
    if owner is None and settings.env == "production":
        raise Refused("DATABASE_OWNER_URL must be set: a database is prepared by its owner.")
    strictly = settings.env == "production"
    upgrade(owner or settings.database_url, settings.database_url, strictly=strictly)


def prepare(app: Flask) -> None:
    """Schema, rights and starting data. Raises Refused if the database does not let us."""
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        try:
            connections.demand(settings)
            migrated(settings)
            starting_data()
        except DBAPIError as error:
            raise Refused(prepared.unusable(error)) from error
        finally:
            db.session.remove()


@click.command("prepare", cls=Command)
def command() -> None:
    """Bring the database up to date: schema, the application's rights, starting data."""
    prepare(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo("The database is prepared.")
