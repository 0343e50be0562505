"""A publishing that moved dates is told to whoever holds the reports: one digest, not one each.

A durable subscriber of the move's end, so it is carried out by workers and survives a kill.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from core import events, outbox
from core.database import db
from core.i18n import force_locale, gettext, number_words
from core.mails.letter import Letter
from core.mails.mailbox import WRITERS, Mail, Order, post
from core.outbox import Told
from helpdesk.models.ticket import AT_WORK
from helpdesk.notifying import office_letters
from helpdesk.notifying.letters import Fact
from sla.kinds import MOVE_ENDED
from sla.models import Move

SUBSCRIBER = "digest"
LETTER = "moved"
MINE = "/antrean?antrean=saya"

# Open reports that somebody holds, and those of them of which a date was moved meanwhile.
_HOLDERS = text(
    f"""
    SELECT t.assignee_id, count(DISTINCT t.id) AS reports
    FROM tickets t
    JOIN events e ON e.subject = 'ticket:' || t.id AND e.kind = 'TIMER_MOVED'
     AND e.at BETWEEN :begun AND :ended
    WHERE t.assignee_id IS NOT NULL AND (CAST(:person AS integer) IS NULL
      OR t.assignee_id = :person) AND {AT_WORK}
    GROUP BY t.assignee_id ORDER BY t.assignee_id
    """  # noqa: S608  # nosec B608 -- a constant of ours
)


def register() -> None:
    events.subscribe_durable(SUBSCRIBER, MOVE_ENDED)
    outbox.handle(SUBSCRIBER, tell)
    WRITERS[LETTER] = write


def tell(told: Sequence[Told]) -> None:
    """Order a letter to each person who holds a report with a new date."""
    orders = []
    for one in told:
        holders = _holders(int(one.subject.partition(":")[2]))
        orders += [Order(one.event_id, LETTER, f"user:{who}", one.subject) for who in holders]
    post(orders)


def _holders(move_id: int, person: int | None = None) -> dict[int, int]:
    """Who holds how many of the reports that a move gave a new date."""
    move = db.session.get(Move, move_id)
    if move is None or move.ended_at is None:
        return {}
    asked = {"begun": move.begins_at, "ended": move.ended_at, "person": person}
    return {row.assignee_id: row.reports for row in db.session.execute(_HOLDERS, asked)}


def write(mail: Mail) -> Letter | None:
    """The digest of one person; None once they work here no more or hold none of them."""
    user = office_letters.reader(mail)
    if user is None:
        return None
    count = _holders(int(mail.subject.partition(":")[2]), user.id).get(user.id, 0)
    if not count:
        return None
    with force_locale(user.locale):
        facts = [Fact(gettext("Reports of yours with a new date"), number_words(count))]
        return office_letters.letter(mail, user, subject_line(), MINE, facts)


def subject_line() -> str:
    return gettext("Dates of your reports have moved")
