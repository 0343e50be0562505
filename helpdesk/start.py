"""The helpdesk joins an app: called once by the composition root."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

from accounts import frame, throttle, tidying
from accounts.rules.access import Role, Viewer
from core import clock
from core.i18n import gettext, lazy_gettext
from core.mails import mailing
from helpdesk import broadcasts, cli, escalation, facts
from helpdesk.conversations import held, unnamed_files
from helpdesk.escalations import climbing, ladder
from helpdesk.escalations import facts as level_facts
from helpdesk.notifying import digests, letters, notifications, step_letters
from helpdesk.patterns import listing, reading
from helpdesk.routine import chores, reminders
from helpdesk.web import (
    causes,
    citizen_windows,
    desk,
    desk_acts,
    escalations,
    files,
    held_up,
    ladders,
    leaves,
    ledgers,
    levels,
    pattern_sizes,
    patterns,
    policies,
    policy_edits,
    preferences,
    public,
    routing,
    samples,
    tracking,
)
from helpdesk.wording import consequences
from sla.sweeps import sweeper

PLACES = {
    "desk": "desk.queue",
    "report": "public.report",
    "track": "tracking.door",
}


CHORES = (
    held.send_what_left,
    chores.end_what_is_over,
    reminders.remind,
    mailing.overdue,
    reading.look,
)


def init(app: Flask) -> None:
    """Pages, who is told of what, and what ends by itself."""
    _pages(app)
    for command in cli.commands:
        app.cli.add_command(command)
    facts.register()
    level_facts.register()
    climbing.register()
    ladder.register()
    broadcasts.register()
    notifications.register()
    digests.register()
    escalation.register()
    letters.register()
    step_letters.register()
    for chore in CHORES:
        sweeper.chore(chore)
    sweeper.chore(_forget_guesses)
    sweeper.chore(tidying.forget_what_is_over, tidying.EVERY)
    sweeper.chore(unnamed_files.tidy, unnamed_files.EVERY)


def _pages(app: Flask) -> None:
    rooms = (
        public,
        tracking,
        preferences,
        files,
        desk,
        desk_acts,
        causes,
        escalations,
        leaves,
        levels,
        ledgers,
        routing,
        policies,
        citizen_windows,
        patterns,
        pattern_sizes,
        ladders,
        held_up,
        policy_edits,
        samples,
    )
    for room in rooms:
        app.register_blueprint(room.blueprint)
    for name, endpoint in PLACES.items():
        frame.place(name, endpoint)
    frame.section(lazy_gettext("Desk"), "desk.queue", *desk.DESK)
    frame.section(lazy_gettext("Escalations"), "escalations.index", *escalations.LEVELS)
    frame.section(
        lazy_gettext("To look at"), "patterns.index", *patterns.LOOKING, count=_to_look_at
    )
    frame.section(lazy_gettext("Notices"), "desk.notice_list", *desk.DESK, Role.LEADER)
    frame.section(lazy_gettext("Queues"), "routing.index", Role.ADMIN)
    frame.section(lazy_gettext("Policies"), "policies.index", Role.ADMIN)
    frame.section(lazy_gettext("Calendars"), "calendars.index", Role.ADMIN)
    frame.section(lazy_gettext("Levels"), "levels.index", Role.ADMIN)
    frame.section(lazy_gettext("Patterns"), "pattern_sizes.index", Role.ADMIN)
    frame.section(lazy_gettext("Held up"), "held_up.index", Role.ADMIN)
    frame.alarm(consequences.for_administrators, "soon")
    frame.section(lazy_gettext("Leave"), "leaves.index", *Role)
    app.context_processor(office)


def _to_look_at(viewer: Viewer) -> int:
    return listing.waiting(viewer, clock.opened())


def office() -> dict[str, Any]:
    """The office's own words for the foot of citizens' pages."""
    if "OFFICE" in current_app.config:
        return {"office": current_app.config["OFFICE"]}
    return {
        "office": {
            "name": gettext("Bekasi City Licensing Service"),
            "address": "Jl. Ir. H. Juanda No. 100, Margahayu, Kota Bekasi",
            "phone": "(021) 22102950",
            "hours": [
                gettext("Monday to Thursday 07.30–16.00"),
                gettext("Friday 07.30–16.30"),
            ],
        }
    }


def _forget_guesses(now: Any) -> int:
    from core.database import transaction

    with transaction():
        return throttle.forget(now)
