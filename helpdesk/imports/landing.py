"""Where another system's words land here: which queue, category, place and policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from core.errors import Invalid
from helpdesk.imports.foreign import Case
from helpdesk.imports.mapping import MappingFile
from helpdesk.policyfacts import policy_facts
from helpdesk.rules.requesters import RequesterKind
from helpdesk.rules.vocabulary import Channel, Priority, TicketClass
from helpdesk.setup import office
from helpdesk.setup.office import Topic
from sla import book
from sla.book import Book, Choice

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

    book: Book
    queue: int
    departments: Mapping[str, int]
    categories: Mapping[str, Topic]
    places: Mapping[str, int]
    _chosen: dict[tuple[int, str, int | None, datetime], Choice] = field(default_factory=dict)

    def spot(self, case: Case) -> Spot:
        """Words that stand in no table land in the mapping's own queue, without the rest."""
        queue = self.departments.get(case.department, self.queue)
        category = self.categories.get(case.category)
        since = self.book.since(case.opened)
        # Looked up once for each of these: thousands of rows share a few.
        place = self.places.get(case.place)
        key = (queue, category.key if category else "", place, since)
        if key not in self._chosen:
            self._chosen[key] = self.book.choose(_facts(queue, category, place), since)
        return Spot(
            queue=queue,
            category=category.id if category else None,
            place=place,
            choice=self._chosen[key],
        )


def _facts(queue: int, category: Topic | None, place: int | None) -> dict[str, list[str]]:
    values = {
        "ticket_class": TicketClass.COMPLAINT.value,
        "priority": Priority.NORMAL.value,
        "channel": Channel.IMPORT.value,
        "queue_id": queue,
        "language": LANGUAGE,
        "tags": [],
        "place_id": place,
        "requester_kind": RequesterKind.UNKNOWN.value,
    }
    return policy_facts(values, category)


def find(mapping: MappingFile) -> Landing:
    """Look the mapping's keys up. Raises Invalid for one that this office does not have."""
    queues = {queue.key: queue.id for queue in office.queues().values()}
    categories = {topic.key: topic for topic in office.topics().values()}
    places = {place.kelurahan: place.id for place in office.places().values()}
    return Landing(
        book=book.current(),
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
