"""Commands of the engine: rebuild timers from the log, and confirm the clock after a jump."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from core import clock
from core.database import transaction
from core.i18n import local
from core.progress import Progress
from core.running.commands import OnPreparedDatabase
from sla.calendar_cli import calendar
from sla.proving import checking, repair
from sla.recalculation import told
from sla.sweeps import heartbeats


@click.command("rebuild-timers", cls=OnPreparedDatabase)
@click.option("--check", is_flag=True, help="Only compare; change nothing, fail if any differs.")
@click.option("--processes", type=click.IntRange(1, 64), help="As many at once; else one a core.")
def rebuild_timers(check: bool, processes: int | None) -> None:
    """Work out every timer anew from the log; store what differs and say which."""
    seen, different = 0, 0
    progress = Progress("subjects", told.count())
    for more, wrong in checking.check(processes):
        seen += more
        progress.add(more)
        for subject in wrong:
            if not check:
                with transaction():
                    repair.repair(subject)
            different += 1
            click.echo(f"{subject} differs from the log")
    progress.end()
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


commands = (rebuild_timers, clock_commands, calendar)
