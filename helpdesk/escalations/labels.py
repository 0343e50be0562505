"""Levels and causes in words."""

from __future__ import annotations

from core.i18n import gettext
from helpdesk.escalations.kinds import Cause
from helpdesk.rules.levels import Flaw


def level_words(level: int, *, apart: bool = False) -> str:
    """Whom a level is of; the ladder apart begins at the inspectorate."""
    if apart and level == 1:
        return gettext("Inspectorate")
    names = {
        1: gettext("Supervisors"),
        2: gettext("Head of the service"),
        3: gettext("Leadership"),
    }
    return names.get(level) or gettext("Level %(n)d", n=level)


def cause_words(cause: str) -> str:
    return {
        Cause.STEP.value: gettext("by the ladder of its promise"),
        Cause.CLIMBED.value: gettext("nobody below took it up in time"),
        Cause.RETURNED.value: gettext("given back twice below"),
        Cause.APPEAL.value: gettext("the citizen appealed"),
        Cause.PERSON.value: gettext("handed up by the office"),
    }[cause]


def flaw_words(flaw: Flaw) -> str:
    """What is wrong with a leave, for whoever enters it."""
    return {
        Flaw.BACKWARDS: gettext("Leave ends after it begins."),
        Flaw.OVER: gettext("This leave is over already."),
        Flaw.OVERLAPS: gettext("This person is on leave then already."),
        Flaw.CIRCLE: gettext("These substitutes stand in for each other in a circle."),
    }[flaw]
