"""Which queue takes a new ticket: the first rule that matches, in the order given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """None means "any"; the last route has neither and matches all."""

    queue_id: int
    ticket_class: str | None = None
    category_id: int | None = None

    def matches(self, ticket_class: str, category_id: int | None) -> bool:
        return (self.ticket_class in (None, ticket_class)) and (
            self.category_id in (None, category_id)
        )


def queue_for(routes: Iterable[Route], ticket_class: str, category_id: int | None) -> int | None:
    """The queue of the first route that matches, or None if the table has no last one."""
    for route in routes:
        if route.matches(ticket_class, category_id):
            return route.queue_id
    return None
