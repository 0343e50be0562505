"""Commands of the catalogue."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from core.database import transaction
from permits import catalogue


@click.command("load-permits")
@with_appcontext
def load_permits() -> None:
    """Bring the permit types to what the file that comes with us says."""
    with transaction():
        count = catalogue.load()
    click.echo(f"{count} permit types.")


commands: list[click.Command] = [load_permits]
