"""What a version of a policy would do to open promises, if it bound what is open from now on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, select

from sla import book
from sla.book import Version
from sla.models import PolicyVersion, TimerRow
from sla.recalculation import foreseeing
from sla.recalculation.foreseeing import Foresight

DRAFT = -1


def foresee(row: PolicyVersion, at: datetime) -> Foresight:
    """`row`: the version as it would be stored; it is not. Only subjects whose running promises
    stand under the same policy are looked at, for no other is moved."""
    real = book.current()
    said = replace(book.policy_of(row), id=DRAFT)
    number = max((v.number for v in real.versions if v.key == row.key), default=0) + 1
    version = Version(DRAFT, row.key, number, row.position, at, True)
    ahead = replace(
        real,
        policies={**real.policies, DRAFT: said},
        versions=(*real.versions, version),
        starts=(*real.starts, at),
    )
    ids = [v.id for v in real.versions if v.key == row.key]
    return foreseeing.foresee(ahead, at, lambda prefix: _under(ids, prefix))


def _under(policies: list[int], prefix: str) -> Select[Any]:
    """Ids of subjects of a kind with a running promise under one of these versions."""
    number = cast(func.split_part(TimerRow.subject, ":", 2), BigInteger)
    return select(number).where(
        TimerRow.policy_id.in_(policies),
        TimerRow.stopped_at.is_(None),
        TimerRow.subject.startswith(f"{prefix}:", autoescape=True),
    )
