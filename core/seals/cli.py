"""Commands: verify the log against its seals, and begin a new epoch after a restore."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from core import clock
from core.database import transaction
from core.progress import Progress
from core.running.commands import OnPreparedDatabase
from core.seals import log, sealing
from core.seals.verifying import Verification

SHOWN = 20


@click.command("verify-log", cls=OnPreparedDatabase)
@click.option("--holds", multiple=True, help="Hash of a seal shown earlier that must be there.")
def verify_log(holds: tuple[str, ...]) -> None:
    """Verify every event and every seal; name what was altered, added or is missing."""
    if not verified(holds):
        raise SystemExit(1)


def verified(holds: tuple[str, ...] = ()) -> bool:
    """Verify, say what was found, and return whether all is right."""
    progress = Progress("events verified", log.sealed())
    run, found = Verification(progress, holds), 0
    for finding in run.findings():
        found += 1
        if found <= SHOWN:
            click.echo(finding)
    progress.end()
    if found > SHOWN:
        click.echo(f"and {found - SHOWN} more")
    if run.erased:
        click.echo(f"{run.erased} contents erased by right")
    click.echo(
        f"{run.seals} seals over {run.sealed} events, {run.waiting} wait for a seal: "
        + ("all is right" if not found else "NOT right")
    )
    return not found


seals = AppGroup("seals", help="Seals of the log.")


@seals.command("new-epoch", cls=OnPreparedDatabase)
def new_epoch() -> None:
    """Say that this database was restored: its seals go on in a new epoch."""
    with transaction():
        epoch = sealing.new_epoch(clock.now())
    click.echo(f"Epoch {epoch} has begun: from here on the seals are this server's.")


commands = (verify_log, seals)
