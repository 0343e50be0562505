"""What came into a list since a page of it was made.

A ticket arrives when it is filed, moved into a queue or reopened, and is stamped with the moment
of that act. Transactions do not commit in the order of their stamps, so a page looks a little
further back than its own moment and remembers which arrivals of that while it had already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, text

from core.canonical import EPOCH, microseconds
from core.database import db
from core.errors import Invalid
from core.i18n import gettext
from core.storage import keyset
from helpdesk.models import AT_WORK, Ticket

MARGIN = timedelta(seconds=30)  # no act takes longer: statements are stopped before
MOST = 1000
MOST_HAD = 300  # of the while; more come only in a rush, and then some are counted twice
LONGEST = 8_000  # letters of a mark in an address


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page had: its moment, and the ids that had arrived shortly before it."""

    at: datetime
    had: tuple[int, ...]

    def written(self) -> str:
        return ".".join([str(microseconds(self.at)), *map(str, self.had)])


def read(words: str) -> Seen:
    """The inverse of `written`. Raises Invalid for words that we never wrote."""
    parts = words.split(".") if len(words) <= LONGEST else []
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
        parts = []
    try:
        moment, *had = (int(part) for part in parts)
        return Seen(EPOCH + timedelta(microseconds=moment), tuple(had))
    except (ValueError, OverflowError) as error:
        raise Invalid(gettext("This page of the list is not there any more.")) from error


def since(criterion: ColumnElement[bool], page: Seen) -> int:
    """How many came into a view since; counting stops at 1,001."""
    part = (
        select(Ticket.id)
        .where(text(AT_WORK), criterion, Ticket.arrived_at > page.at - MARGIN)
        .where(Ticket.id.not_in(page.had))
        .limit(keyset.most(MOST + 1))
    )
    return int(db.session.execute(select(func.count()).select_from(part.subquery())).scalar_one())
