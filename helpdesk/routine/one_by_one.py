"""Tickets that a chore looks at one after another: one that fails holds up no other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable

from sqlalchemy.exc import OperationalError

from core.database import db
from core.storage.waits import held_up

log = logging.getLogger(__name__)

LEFT_ALONE = 3600.0  # seconds
LATER = 5.0


class OneByOne:
    """A chore's round. What failed is left alone for an hour by this process, and the log says so;
    the ticket itself keeps its dates, so another process (or a mended one) finds it due."""

    def __init__(self, chore: str) -> None:
        self.chore = chore
        self._until: dict[int, float] = {}  # ticket id to a monotonic moment

    def left_alone(self) -> list[int]:
        """Ids not to be asked for now."""
        now = time.monotonic()
        self._until = {ident: until for ident, until in self._until.items() if until > now}
        return list(self._until)

    def each(self, ids: Iterable[int], do: Callable[[int], int]) -> int:
        """Do it for each and return the sum. Raises OperationalError: a database that is away is
        no fault of a ticket."""
        total = 0
        for ident in ids:
            try:
                total += do(ident)
            except OperationalError as error:
                db.session.rollback()
                if not held_up(error):
                    raise
                # Somebody works on it: one such wait in a turn, for the sweeper has deadlines.
                self._until[ident] = time.monotonic() + LATER
                break
            except Exception:
                db.session.rollback()
                log.exception("ticket %s is left alone for an hour: %s", ident, self.chore)
                self._until[ident] = time.monotonic() + LEFT_ALONE
        return total
