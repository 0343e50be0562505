"""The office as it is set up: queues and who works on them, topics, places, routes.

Kept in memory and never out of date (see core.storage.kept): pages and acts ask here, only those
who change the set-up go to the tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from accounts import directory
from accounts.directory import Colleague
from core.database import db
from core.storage.kept import kept
from helpdesk.models import Category, Member, Place, Queue, RouteRow
from helpdesk.rules.access import APART
from helpdesk.rules.routing import Route


@dataclass(frozen=True, slots=True)
class WorkList:
    """A queue: its tickets are one shared work list."""

    id: int
    key: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """A category in both languages."""

    id: int
    key: str
    name_id: str
    name_en: str
    supervisory: bool
    active: bool

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_id


@dataclass(frozen=True, slots=True)
class Kelurahan:
    id: int
    kelurahan: str
    kecamatan: str

    @property
    def area(self) -> str:
        """As conditions of policies name it: two kecamatan may have a kelurahan of one name."""
        return f"{self.kecamatan}/{self.kelurahan}"


@kept("queues")
def queues() -> Mapping[int, WorkList]:
    """All queues by id, in the order of their names."""
    rows = db.session.execute(
        select(Queue.id, Queue.key, Queue.name, Queue.active).order_by(Queue.name)
    )
    return {row.id: WorkList(*row) for row in rows}


@kept("queue_members")
def memberships() -> Mapping[int, frozenset[int]]:
    """The ids of the queues that somebody works on, by the person's id."""
    found: dict[int, set[int]] = defaultdict(set)
    for user_id, queue_id in db.session.execute(select(Member.user_id, Member.queue_id)):
        found[user_id].add(queue_id)
    return {user_id: frozenset(ids) for user_id, ids in found.items()}


def people_of(queue_id: int) -> list[Colleague]:
    """Who works on a queue, by name; those who have left do not."""
    found = memberships()
    return [
        one
        for one in directory.everybody().values()
        if one.active and queue_id in found.get(one.id, ())
    ]


@kept("categories")
def topics() -> Mapping[int, Topic]:
    """All categories by id, in the office's order."""
    rows = db.session.execute(
        select(
            Category.id, Category.key, Category.name_id, Category.name_en,
            Category.supervisory, Category.active,
        ).order_by(Category.position)
    )  # fmt: skip
    return {row.id: Topic(*row) for row in rows}


@kept("places")
def places() -> Mapping[int, Kelurahan]:
    """All kelurahan by id, by kecamatan and name."""
    rows = db.session.execute(
        select(Place.id, Place.kelurahan, Place.kecamatan).order_by(
            Place.kecamatan, Place.kelurahan
        )
    )
    return {row.id: Kelurahan(*row) for row in rows}


@kept("routes")
def routes() -> tuple[Route, ...]:
    """The routing table in its order."""
    rows = db.session.execute(
        select(RouteRow.queue_id, RouteRow.ticket_class, RouteRow.category_id).order_by(
            RouteRow.position, RouteRow.id
        )
    )
    return tuple(Route(*row) for row in rows)


def topic(category_id: int | None) -> Topic | None:
    """The category with this id, or None."""
    return topics().get(category_id) if category_id is not None else None


def areas_of(place_id: int) -> list[str]:
    """The areas that a kelurahan lies in: its kecamatan, and itself."""
    found = places().get(place_id)
    return [found.kecamatan, found.area] if found is not None else []


def queue(queue_id: int) -> WorkList | None:
    return queues().get(queue_id)


def kept_apart(queue_id: int) -> int | None:
    """The queue itself if what lies there goes past the office's own units: what follows from it
    never leaves that queue by the routing table. None for any other."""
    found = queue(queue_id)
    return found.id if found is not None and found.key == APART else None
