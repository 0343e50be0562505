"""Commands of the helpdesk: bring tickets in, compare readings with verdicts, look after files."""

from __future__ import annotations

import time
from pathlib import Path

import click

from core.database import transaction
from core.running.commands import OnPreparedDatabase
from helpdesk.conversations import unnamed_files
from helpdesk.imports import foreign, importing, mapping, verdicts
from helpdesk.imports.importing import Outcomes
from helpdesk.patterns import reading, sizes

SHOWN = 20
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-tickets", cls=OnPreparedDatabase)
@click.argument("file", type=FILE)
@click.option("--mapping", "mapping_file", type=FILE, required=True, help="How to read the file.")
def import_tickets(file: Path, mapping_file: Path) -> None:
    """Bring in tickets from a CSV FILE, plain or gz. A second time changes nothing."""
    began = time.monotonic()

    def told(done: Outcomes) -> None:
        click.echo(f"\r{done.added} added, {done.known} known before", nl=False)

    how = mapping.load(mapping_file)
    done = importing.bring_in(foreign.rows(file, how), how, told)
    took = time.monotonic() - began
    click.echo(f"\n{len(done.broken)} rows left out")
    for broken in done.broken[:SHOWN]:
        click.echo(f"  line {broken.line} {broken.reason}")
    if len(done.broken) > SHOWN:
        click.echo(f"  and {len(done.broken) - SHOWN} more")
    click.echo(f"{(done.added + done.known) / max(took, 0.001):.0f} rows a second")


@click.command("check-verdicts", cls=OnPreparedDatabase)
@click.argument("file", type=FILE)
@click.option("--mapping", "mapping_file", type=FILE, required=True, help="How to read the file.")
def check_verdicts(file: Path, mapping_file: Path) -> None:
    """Compare our readings with the verdicts that stand in FILE; fails if any differs."""
    how = mapping.load(mapping_file)
    found = verdicts.compare(foreign.rows(file, how), how)
    click.echo(f"{found.agreed} agreed, {len(found.disagreed)} disagreed")
    click.echo(f"{len(found.missing)} were not brought in, {found.left_out} cannot be compared")
    for line in found.disagreed[:SHOWN]:
        click.echo(f"  line {line} disagrees")
    if found.disagreed or found.missing:
        raise SystemExit(1)


@click.command("check-files", cls=OnPreparedDatabase)
def check_files() -> None:
    """Look whether every attachment still has its file; fails if one has not."""
    missing = list(unnamed_files.missing())
    click.echo(f"{len(missing)} attachments without their file")
    for ident in missing[:SHOWN]:
        click.echo(f"  attachment {ident}")
    if missing:
        raise SystemExit(1)


@click.command("rebuild-sightings", cls=OnPreparedDatabase)
@click.option("--check", is_flag=True, help="Only compare; change nothing, fail if any differs.")
def rebuild_sightings(check: bool) -> None:
    """Look through the whole log anew for patterns that supervisors are shown."""
    if check:
        seen, wrong = reading.differing()
        for ref in wrong[:SHOWN]:
            click.echo(f"{ref} differs from the log")
        click.echo(f"{seen} tickets, {len(wrong)} different")
        raise SystemExit(1 if wrong else 0)
    with transaction():
        sizes.begin_anew()
    read = 0
    while more := reading.look_at_batch():
        read += more
        click.echo(f"\r{read} events read", nl=False)
    click.echo()


commands = (import_tickets, check_verdicts, check_files, rebuild_sightings)
