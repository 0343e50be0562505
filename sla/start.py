"""The engine joins an app: commands, and what readiness asks of it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from core import clock, health, prepared
from core.database import db
from sla import cli, seed
from sla.sweeping import Heartbeat

SILENT = timedelta(seconds=15)


def init(app: Flask) -> None:
    for command in cli.commands:
        app.cli.add_command(command)
    health.check(sweeper_sweeps)
    prepared.starting_data(seed.sown)


def sweeper_sweeps() -> str | None:
    """A sweeper that is silent or waits for its clock makes the house not ready."""
    now = clock.now()
    beats = db.session.execute(select(Heartbeat.state).where(Heartbeat.at > now - SILENT)).scalars()
    states = list(beats)
    if not states:
        return "No sweeper has reported for 15 seconds; deadlines are not being recorded."
    if all(state != "sweeping" for state in states):
        return "The sweepers wait because the clock jumped."
    return None
