"""Levels and causes in words."""

from __future__ import annotations

from core.i18n import gettext
from helpdesk.escalations.kinds import Cause


def level_words(level: int) -> str:
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
        Cause.APPEAL.value: gettext("the citizen appealed"),
        Cause.PERSON.value: gettext("handed up by the office"),
    }[cause]
