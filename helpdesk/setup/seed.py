"""What a fresh helpdesk knows: its queues, what tickets are about, the city's places, and routes.

Categories are in citizens' words. Everything is editable; nothing is added where rows exist.
"""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import func, insert, select

from core.database import db
from helpdesk.models import Category, Place, Queue, RouteRow
from helpdesk.rules.vocabulary import TicketClass

DATA = Path(__file__).parent.parent / "data"

QUEUES = {
    "pengaduan": "Tim Pengaduan Perizinan",
    "informasi": "Tim Informasi",
    "kesehatan": "Tim Izin Kesehatan",
    "inspektorat": "Inspektorat",
}


def seed() -> None:
    """Fill an empty helpdesk in the open transaction."""
    if db.session.execute(select(func.count()).select_from(Queue)).scalar_one():
        return
    db.session.execute(insert(Queue), [{"key": k, "name": n} for k, n in QUEUES.items()])
    db.session.execute(insert(Category), _categories())
    db.session.execute(insert(Place), _places())
    db.session.execute(insert(RouteRow), _routes())


def _categories() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads((DATA / "categories.json").read_text())
    return [{**row, "position": n} for n, row in enumerate(rows, start=1)]


def _places() -> list[dict[str, str]]:
    city = json.loads((DATA / "wilayah.json").read_text())
    return [
        {
            "kecamatan": district["kecamatan"],
            "kelurahan": place["nama"],
            "postcode": place.get("kode_pos", ""),
        }
        for district in city["kecamatan"]
        for place in district["kelurahan"]
    ]


def _routes() -> list[dict[str, object]]:
    queues = dict(db.session.execute(select(Queue.key, Queue.id)).all())
    categories = dict(db.session.execute(select(Category.key, Category.id)).all())
    table: list[tuple[str | None, str | None, str]] = [
        # Illegal levies go past the office's own queues to the inspectorate.
        (None, "pungli", "inspektorat"),
        (None, "calo", "inspektorat"),
        (TicketClass.INFORMATION.value, None, "informasi"),
        (None, "syarat", "informasi"),
        (None, None, "pengaduan"),
    ]
    return [
        {
            "position": n,
            "ticket_class": ticket_class,
            "category_id": categories[category] if category else None,
            "queue_id": queues[queue],
        }
        for n, (ticket_class, category, queue) in enumerate(table, start=1)
    ]
