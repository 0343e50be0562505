"""Causes in plain words."""

from __future__ import annotations

from core.i18n import gettext
from helpdesk.causes.kinds import LateCause


def cause_words(cause: str) -> str:
    return {
        LateCause.OTHER_OFFICE.value: gettext("Waited for another office"),
        LateCause.CAME_LATE.value: gettext("Reached the right queue late"),
        LateCause.MANY.value: gettext("More reports than people"),
        LateCause.AWAY.value: gettext("Somebody was away"),
        LateCause.HARD.value: gettext("Took more looking into than usual"),
        LateCause.SYSTEM.value: gettext("The system was down"),
        LateCause.DISASTER.value: gettext("Disaster or an order to close"),
        LateCause.OVERLOOKED.value: gettext("Overlooked"),
        LateCause.OTHER.value: gettext("Another cause"),
    }[cause]


def options() -> list[dict[str, str]]:
    """The list to choose from."""
    return [{"value": one.value, "label": cause_words(one.value)} for one in LateCause]
