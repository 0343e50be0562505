"""Commands of the engine: rebuild timers from the log, and confirm the clock after a jump."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from core import clock
from core.commands import OnPreparedDatabase
from core.database import transaction
from core.i18n import local
from sla import heartbeats, repair
from sla.calendar_cli import calendar

timers = AppGroup("timers", help="Promises and the log that proves them.")


@timers.command("rebuild", cls=OnPreparedDatabase)
@click.option("--check", is_flag=True, help="Only compare; change nothing.")
def rebuild(check: bool) -> None:
    """Work out every timer anew from the log; store what differs and say how many did."""
    seen = different = 0
    for batch in repair.subjects():
        for subject in batch:
            seen += 1
            if check:
                wrong = repair.differs(subject)
            else:
                with transaction():
                    wrong = repair.repair(subject)
            if wrong:
                different += 1
                click.echo(f"{subject} differs from the log")
    click.echo(f"{seen} subjects, {different} different")
    if check and different:
        raise SystemExit(1)


clock_commands = AppGroup("clock", help="The clock that promises are judged by.")


@clock_commands.command("confirm", cls=OnPreparedDatabase)
@click.option("--yes", is_flag=True, help="Do not ask.")
def confirm(yes: bool) -> None:
    """Say that the clock is right after it jumped, so that sweeping goes on at once."""
    moment = local(clock.now()).isoformat(" ", "seconds")
    click.echo(f"The database's clock says {moment}.")
    if not yes:
        click.confirm("Is that right?", abort=True)
    with transaction():
        count = heartbeats.confirm()
    click.echo(f"{count} sweepers go on." if count else "No sweeper waits for its clock.")


commands = (timers, clock_commands, calendar)
