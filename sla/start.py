"""The engine joins an app: commands, and what readiness and administrators are told of it."""

from __future__ import annotations

from flask import Flask

from accounts import frame
from core.pages import health
from core.running import prepared
from core.seals import sealing
from sla import cli, seed
from sla.calendars import ending
from sla.recalculation import jobs
from sla.sweeps import alarms, sweeper
from sla.web import calendar_edits, calendars


def init(app: Flask) -> None:
    for room in (calendars, calendar_edits):
        app.register_blueprint(room.blueprint)
    for command in cli.commands:
        app.cli.add_command(command)
    health.check(alarms.for_readiness)
    health.soon(ending.for_readiness)
    frame.alarm(alarms.for_administrators)
    frame.alarm(ending.for_administrators, "soon")
    prepared.starting_data(seed.sown)
    sweeper.chore(sealing.seal)
    sweeper.chore(jobs.wake, jobs.EVERY)
