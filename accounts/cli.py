"""Commands: the first administrator, and shutting an account off without the web."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import with_appcontext

from accounts import people
from accounts.rules.access import Role
from core.database import transaction
from core.errors import DomainError, Invalid


@click.command("create-admin")
@click.option("--email", required=True, prompt=True)
@click.option("--name", required=True, prompt=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create_admin(email: str, name: str, password_stdin: bool) -> None:
    """Add an administrator; asks for a password of at least 15 characters."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with _spoken(), transaction():
        people.create_user(name=name, email=email, password=password, roles=[Role.ADMIN])
    click.echo(f"{email} may sign in as administrator.")


@click.command("deactivate")
@click.argument("email")
@with_appcontext
def deactivate(email: str) -> None:
    """Close the account with this address; it is signed out everywhere."""
    with _spoken(), transaction():
        user = people.by_email(email)
        if user is None:
            raise click.ClickException(f"There is no account {email}.")
        people.deactivate(user.id, actor="system")
    click.echo(f"{email} is closed.")


@contextmanager
def _spoken() -> Iterator[None]:
    """What went wrong as sentences instead of a traceback."""
    try:
        yield
    except DomainError as error:
        fields = error.fields.values() if isinstance(error, Invalid) else ()
        raise click.ClickException(" ".join(fields) or str(error)) from error


commands: list[click.Command] = [create_admin, deactivate]
