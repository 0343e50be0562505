"""Commands of the catalogue."""

from __future__ import annotations

import click

from core.database import transaction
from core.running.commands import OnPreparedDatabase
from permits import catalogue


@click.command("load-permits", cls=OnPreparedDatabase)
def load_permits() -> None:
    """Bring the permit types to what the file that comes with us says."""
    with transaction():
        count = catalogue.load()
    click.echo(f"{count} permit types.")


commands: list[click.Command] = [load_permits]
