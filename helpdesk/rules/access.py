"""Who may see and do what with tickets; plain values in, yes or no out.

An administrator sets things up and has no reading right by office. A supervisor sees every queue
but the inspectorate's, which its members see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

DESK_ROLES = frozenset({"AGENT", "SUPERVISOR", "COUNTER", "INSPECTOR"})
APART = "inspektorat"  # the queue that goes past the office's own units


@dataclass(frozen=True, slots=True)
class Reach:
    """Which queues somebody reads: all but those apart, or these."""

    all_queues: bool
    queues: frozenset[int]


def reach(roles: Iterable[str], member_of: Iterable[int]) -> Reach:
    """What a person's roles and memberships let them read."""
    held = frozenset(roles)
    if not held & DESK_ROLES:
        return Reach(False, frozenset())
    return Reach("SUPERVISOR" in held, frozenset(member_of))


def sees(reach: Reach, queue_id: int, queue_key: str) -> bool:
    """True if tickets of this queue are there for the person."""
    return queue_id in reach.queues or (reach.all_queues and queue_key != APART)


def answers_for(roles: Iterable[str], reach: Reach, queue_id: int, queue_key: str) -> bool:
    """True for whoever is told of the queue's broken promises: its supervisors; for the queue
    apart, which goes past them, its own inspectors."""
    held = frozenset(roles)
    if not sees(reach, queue_id, queue_key):
        return False
    return "SUPERVISOR" in held or (queue_key == APART and "INSPECTOR" in held)
