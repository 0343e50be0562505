"""Moves are carried on by workers, in turns short enough that nothing else waits for them."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from core import jobs
from sla.recalculation import moves

TURN = 1.0  # seconds; whatever else waits in the job queue comes in between
EVERY = 3.0  # seconds
IDLE = timedelta(seconds=5)


@jobs.job
def go_on(move_id: int) -> None:
    """Batches for about a second, and another turn after that if there is more."""
    mark = f"move-{move_id}"
    jobs.begun(mark)
    until = time.monotonic() + TURN
    while more := moves.step(move_id):
        if time.monotonic() > until:
            break
    if more:
        jobs.enqueue(go_on, move_id, once=mark)


def wake(now: datetime) -> int:
    """A chore of the sweeper's: whatever nobody is at is taken up again, also after a kill."""
    found = moves.waiting(now, IDLE)
    for move_id in found[:1]:  # one after another: the later ones find little left to do
        jobs.enqueue(go_on, move_id, once=f"move-{move_id}")
    return len(found)
