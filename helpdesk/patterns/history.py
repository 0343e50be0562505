"""Changed measures as sentences for the set-up's history."""

from __future__ import annotations

from core.events import Event
from core.i18n import gettext
from helpdesk.patterns import kinds
from helpdesk.patterns.sizes import UNIT


def words(event: Event) -> str:
    """What was changed, each from its value before."""
    names = {
        "near": gettext("near the date, minutes"),
        "short": gettext("a short pause, minutes"),
        "letters": gettext("letters of a question"),
        "waiting": gettext("waiting for the citizen, hours"),
        "pauses": gettext("questions with a wait"),
        "settlings": gettext("times reopened"),
    }
    changed = [
        f"{names[name]} {event.data[f'was_{name}'] // unit} → {event.data[name] // unit}"  # type: ignore[operator]
        for name in kinds.NAMES
        for unit in (UNIT.get(name, 1),)
        if event.data[name] != event.data[f"was_{name}"]
    ]
    return gettext("Measures of patterns: %(what)s", what=", ".join(changed))
