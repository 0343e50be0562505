"""Commands: the first administrator, and shutting an account off without the web."""

from __future__ import annotations

import sys

import click

from accounts import joining, people
from accounts.rules.access import Role
from core.database import transaction
from core.running.commands import OnPreparedDatabase


@click.command("create-admin", cls=OnPreparedDatabase)
@click.option("--email", required=True, prompt=True)
@click.option("--name", required=True, prompt=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_admin(email: str, name: str, password_stdin: bool) -> None:
    """Add an administrator; asks for a password of at least 15 characters."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    who = joining.newcomer(name=name, email=email, password=password)
    with transaction():
        joining.create_user(who, roles=[Role.ADMIN])
    click.echo(f"{email} may sign in as administrator.")


@click.command("deactivate", cls=OnPreparedDatabase)
@click.argument("email")
def deactivate(email: str) -> None:
    """Close the account with this address; it is signed out everywhere."""
    with transaction():
        user = people.by_email(email)
        if user is None:
            raise click.ClickException(f"There is no account {email}.")
        people.deactivate(user.id, actor="system")
    click.echo(f"{email} is closed.")


commands: list[click.Command] = [create_admin, deactivate]
