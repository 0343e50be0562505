"""Commands end with a sentence: on a database that is not prepared, with nonsense, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import current_app
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError, OperationalError

from core.errors import DomainError, Invalid
from core.running import prepared
from core.running.refusal import Refused


class Command(click.Command):
    """A command in the app's context. What goes wrong is a sentence and code 1, not a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        if not current_app:
            app = ctx.ensure_object(ScriptInfo).load_app()
            ctx.with_resource(app.app_context())
        with spoken():
            return self.carried_out(ctx)

    def carried_out(self, ctx: click.Context) -> Any:
        return super().invoke(ctx)


class OnPreparedDatabase(Command):
    """A command that needs tables and starting data."""

    def carried_out(self, ctx: click.Context) -> Any:
        lack = prepared.lacking()
        if lack:
            raise click.ClickException(lack)
        return super().carried_out(ctx)


@contextmanager
def spoken() -> Iterator[None]:
    """Turn refusals and domain errors into the sentence that a command ends with."""
    try:
        yield
    except DomainError as error:
        fields = error.fields.values() if isinstance(error, Invalid) else ()
        raise click.ClickException(" ".join(fields) or str(error)) from error
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None
    except DBAPIError as error:
        if not isinstance(error, OperationalError):
            raise
        raise click.ClickException(prepared.unusable(error)) from error


@contextmanager
def refusals() -> Iterator[None]:
    """While an app is made: if it is for a command, a refusal is that command's last word."""
    try:
        yield
    except Refused as refusal:
        if click.get_current_context(silent=True) is None:
            raise
        raise click.ClickException(str(refusal)) from None
