"""Where another system's words land here: which queue, category, place and policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from core.database import db
from core.errors import Invalid
from helpdesk.foreign import Case
from helpdesk.mapping import MappingFile
from helpdesk.models import Category, Place, Queue
from helpdesk.policyfacts import policy_facts
from helpdesk.rules.vocabulary import Channel, Priority, TicketClass
from sla import tracking
from sla.book import Choice

LANGUAGE = "id"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one row lands, and the rules it lands under."""

    queue: int
    category: int | None
    place: int | None
    choice: Choice


@dataclass
class Landing:
    """The tables of a mapping, as rows of this office. Good for one transaction."""

    at: datetime
    queue: int
    departments: Mapping[str, int]
    categories: Mapping[str, Category]
    places: Mapping[str, int]
    _chosen: dict[tuple[int, str], Choice] = field(default_factory=dict)

    def spot(self, case: Case) -> Spot:
        """Words that stand in no table land in the mapping's own queue, without the rest."""
        queue = self.departments.get(case.department, self.queue)
        category = self.categories.get(case.category)
        # Looked up once for each pair: thousands of rows share a few.
        key = (queue, category.key if category else "")
        if key not in self._chosen:
            self._chosen[key] = tracking.choose(_facts(queue, category), self.at)
        return Spot(
            queue=queue,
            category=category.id if category else None,
            place=self.places.get(case.place),
            choice=self._chosen[key],
        )


def _facts(queue: int, category: Category | None) -> dict[str, list[str]]:
    values = {
        "ticket_class": TicketClass.COMPLAINT.value,
        "priority": Priority.NORMAL.value,
        "channel": Channel.IMPORT.value,
        "queue_id": queue,
        "language": LANGUAGE,
        "tags": [],
    }
    return policy_facts(values, category)


def find(mapping: MappingFile, at: datetime) -> Landing:
    """Look the mapping's keys up. Raises Invalid for one that this office does not have.

    Policies are those in force `at`, the moment of bringing in: the office promised nothing
    about these tickets before.
    """
    queues = dict(db.session.execute(select(Queue.key, Queue.id)).all())
    categories = {row.key: row for row in db.session.scalars(select(Category))}
    places = dict(db.session.execute(select(Place.kelurahan, Place.id)).all())
    return Landing(
        at=at,
        queue=_known("queue", mapping.queue, queues),
        departments={w: _known("queue", k, queues) for w, k in mapping.departments.items()},
        categories={w: _known("category", k, categories) for w, k in mapping.categories.items()},
        places={
            **places,
            **{word: _known("place", name, places) for word, name in mapping.places.items()},
        },
    )


def _known(what: str, key: str, known: Mapping[str, T]) -> T:
    if key not in known:
        raise Invalid(f"There is no {what} with the key {key}.")
    return known[key]
