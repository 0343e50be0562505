"""Policies that say something else from their beginning on: versions are added, none is edited."""

from __future__ import annotations

from typing import Any

from core.database import transaction
from sla.models import PolicyVersion
from sla.policies import order

KEPT = [column.name for column in PolicyVersion.__table__.columns if column.name != "id"]


def say_anew(key: str | None = None, **values: Any) -> None:
    """The next version of this policy, or of each, in force since the same moment."""
    with transaction() as session:
        for row in order.newest():
            if key in (None, row.key):
                old = {name: getattr(row, name) for name in KEPT}
                session.add(PolicyVersion(**{**old, "version": row.version + 1, **values}))
