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

    def size(key: str, name: str) -> int:
        return int(event.data[key]) // UNIT.get(name, 1)

    changed = [
        f"{names[name]} {size(f'was_{name}', name)} → {size(name, name)}"
        for name in kinds.NAMES
        if event.data[name] != event.data[f"was_{name}"]
    ]
    return gettext("Measures of patterns: %(what)s", what=", ".join(changed))
