"""Who works on a queue, and so reads it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, select

from accounts import sessions
from accounts.models import User
from core import clock, events
from core.database import db
from core.errors import Invalid
from core.events import Entry
from core.i18n import gettext
from helpdesk.models import Member, Queue
from helpdesk.setup.setup_kinds import MEMBER_ADDED, MEMBER_REMOVED


def set_members(queue_id: int, user_ids: Collection[int], actor: str) -> None:
    """Exactly these people work on the queue; screens of those who leave it are closed.

    Of two who save at once the second starts from what the first left. Raises Invalid for a queue
    or a person that is not there.
    """
    wanted = set(user_ids)
    _lock(queue_id)
    known = db.session.scalar(select(func.count()).where(User.id.in_(wanted)))
    if known != len(wanted):
        raise Invalid(fields={"people": gettext("Please choose people from the list.")})
    before = set(db.session.scalars(select(Member.user_id).where(Member.queue_id == queue_id)))
    gone, come = sorted(before - wanted), sorted(wanted - before)
    db.session.execute(delete(Member).where(Member.queue_id == queue_id, Member.user_id.in_(gone)))
    db.session.add_all(Member(queue_id=queue_id, user_id=user_id) for user_id in come)
    changes = [(MEMBER_REMOVED, user) for user in gone] + [(MEMBER_ADDED, user) for user in come]
    at = clock.now()
    events.append(
        [Entry(kind, f"queue:{queue_id}", actor, at, {"user": user}) for kind, user in changes]
    )
    for user_id in gone:  # their screens ask anew what they may hear
        sessions.close_sockets([row.key for row in sessions.open_sessions(user_id)])


def _lock(queue_id: int) -> None:
    if db.session.get(Queue, queue_id, with_for_update=True) is None:
        raise Invalid(fields={"queue": gettext("There is no such queue.")})
