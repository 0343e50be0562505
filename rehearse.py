"""`flask --app app check-promises FILE`: worked examples played on servers of their own.

Nothing of the running system is touched: a database and a job queue are made in a temporary folder
and are gone afterwards.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from core.clock import movable
from core.rehearsal import undone
from core.running.commands import Command
from core.running.throwaway import running
from helpdesk.examples.agreement import differences
from helpdesk.examples.cases import Case, read

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("check-promises", cls=Command)
@click.argument("file", type=FILE)
@click.option("--only", help="The id of one example.")
def command(file: Path, only: str | None) -> None:
    """Play the worked examples of FILE through the real use cases, each as it ran and rebuilt from
    the log; fails if any differs."""
    try:
        cases = [case for case in read(file) if only in (None, case.id)]
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(f"{file} is no file of worked examples ({error}).") from error
    run = [case for case in cases if case.missing() is None]
    waits = Counter(case.missing() for case in cases if case.missing() is not None)
    disagreed = _play(run)
    for ident, words in disagreed.items():
        click.echo(f"{ident} differs")
        for sentence in words:
            click.echo(f"  {sentence}")
    click.echo(f"{len(run) - len(disagreed)} agreed, {len(disagreed)} disagreed")
    for what, n in sorted(waits.items(), key=lambda pair: -pair[1]):
        click.echo(f"{n} not played: {what} is not built yet")
    if disagreed:
        raise SystemExit(1)


def _play(run: list[Case]) -> dict[str, list[str]]:
    from app import create_app

    found: dict[str, list[str]] = {}
    with running() as servers, servers.cloned() as database:
        app = create_app(settings=servers.settings(database))
        for case in run:
            with app.app_context(), movable(LONG_AGO) as clock, undone():
                words = differences(case, clock)
            if words:
                found[case.id] = words
        with app.app_context():
            from core.database import db

            db.engine.dispose()
    return found
