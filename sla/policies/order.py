"""Which policies there are, in the order in which they are tried; the last one takes all else."""

from __future__ import annotations

from sqlalchemy import select, text

from core.database import db
from core.errors import NotFound
from core.i18n import gettext
from sla.models import CalendarRevision, PolicyVersion

ROOM = 1024

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended('policies', 0))")


def hold() -> None:
    """Whoever changes policies waits for whoever does so already, until their transaction ends."""
    db.session.execute(_ONE_BY_ONE)


def newest_calendar(key: str) -> CalendarRevision | None:
    """The revision of a calendar that is in force."""
    if "\0" in key:
        return None  # no database stores it
    wanted = select(CalendarRevision).where(CalendarRevision.key == key)
    return db.session.scalars(wanted.order_by(CalendarRevision.revision.desc()).limit(1)).first()


def newest() -> list[PolicyVersion]:
    """The newest version of each policy, in the order in which they are tried; retired ones too."""
    found: dict[str, PolicyVersion] = {}
    for row in db.session.scalars(select(PolicyVersion).order_by(PolicyVersion.version)):
        found[row.key] = row
    return sorted(found.values(), key=lambda row: (row.position, row.id))


def latest() -> list[PolicyVersion]:
    """The same without those that are retired."""
    return [row for row in newest() if not row.retired]


def find(key: str) -> PolicyVersion:
    """The newest version of a policy. Raises NotFound."""
    wanted = select(PolicyVersion).where(PolicyVersion.key == key)
    row = db.session.scalars(wanted.order_by(PolicyVersion.version.desc()).limit(1)).first()
    if row is None:
        raise NotFound(gettext("There is no such policy."))
    return row


def is_last(row: PolicyVersion) -> bool:
    """Is this the policy that takes all that no other takes?"""
    rows = latest()
    return bool(rows) and rows[-1].key == row.key


def taken(key: str) -> set[int]:
    """The numbers at which any version of another policy stands."""
    others = select(PolicyVersion.position).where(PolicyVersion.key != key)
    return set(db.session.scalars(others.distinct()))


def first(key: str) -> int:
    """A number before all others, for a policy that is to be tried first."""
    everywhere = taken(key)
    return min(everywhere, default=ROOM) - ROOM
