"""What of the report somebody may see: figures, and the single reports behind them.

A supervisor sees both of the queues that they read (not the inspectorate's). A leader reads all
figures, and no report: neither its words nor its number.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.rules.access import Role, Viewer
from helpdesk.lists import finding
from helpdesk.setup import office


@dataclass(frozen=True, slots=True)
class Reading:
    """Ids of the queues whose promises are counted, and of those whose reports are listed."""

    counted: frozenset[int]
    listed: frozenset[int]


def reading(viewer: Viewer) -> Reading:
    """By the viewer's roles and queues; queues that were shut stay in the report."""
    listed: frozenset[int] = frozenset()
    if Role.SUPERVISOR in viewer.roles:
        listed = frozenset(queue.id for queue in finding.queues_of(viewer))
    counted = frozenset(office.queues()) if Role.LEADER in viewer.roles else listed
    return Reading(counted, listed)
