"""Deadlines are not being recorded: readiness says so, and administrators see it on every page."""

from __future__ import annotations

from core.i18n import gettext
from sla.sweeps import heartbeats
from sla.sweeps.clock_watch import CALM

ORDER = "flask --app app clock confirm"


def for_readiness() -> str | None:
    """A sentence for whoever runs the machines; None if a sweeper sweeps."""
    jumped_by = heartbeats.waiting()
    if jumped_by is not None:
        return (
            f"The clock jumped by {jumped_by:.0f} seconds, so the sweepers wait until it has been "
            f"right for {CALM:.0f} seconds or an operator confirms it. If it is right, run: {ORDER}"
        )
    if heartbeats.silent():
        return "No sweeper has reported for 15 seconds; deadlines are not being recorded."
    return None


def for_administrators() -> str | None:
    """The same in the reader's language."""
    if heartbeats.waiting() is not None:
        return gettext(
            "Missed dates are not being recorded for now, because the server's clock jumped. It "
            "goes on after a calm minute, or at once when an operator confirms the clock with: "
            "%(order)s",
            order=ORDER,
        )
    if heartbeats.silent():
        return gettext(
            "Missed dates are not being recorded: the sweeper does not run. Please tell whoever "
            "runs the server."
        )
    return None
