"""What naming people and granting leave have in common: one change at a time, of known people."""

from __future__ import annotations

from sqlalchemy import text

from accounts.models import User
from accounts.rules.access import is_staff
from core.database import db
from core.i18n import gettext

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended('levels', 0))")


def one_by_one() -> None:
    """Of two who change the levels or somebody's leave at once, the second looks at what the
    first has made: else each alone could be right, and both together a circle."""
    db.session.execute(_ONE_BY_ONE)


def require_staff(user_id: int, field: str, wrong: dict[str, str]) -> None:
    """Notes a sentence beside the field for somebody who does not work here (any more)."""
    user = db.session.get(User, user_id) if 0 < user_id < 2**31 else None
    if user is None or not user.active or not is_staff(user.role_set):
        wrong[field] = gettext("Please choose somebody from the list.")
