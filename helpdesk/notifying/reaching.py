"""Notices on screen and, to those who want them, mails: few of them each by itself, many as one.

A notice is written once per person and event, whoever tells it; only who wrote it orders its mail.
If more would be ordered for a person within some minutes than the settings allow, the notices are
gathered: one mail leaves at the end of that time and lists whatever came until then. So ten
thousand missed promises at once make a mail or two for each person, and no statement more than ten
of them do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import TextClause, select, text
from sqlalchemy.dialects.postgresql import insert

from accounts.models import User
from core import clock
from core.database import db, on_commit
from core.live.hints import hint
from core.mails.mailbox import Order, post
from helpdesk.models import Notice

GATHERED = "gathered"  # the letter that lists many


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody is told of an event of a ticket; `letter`: its kind of mail, if it has one."""

    user_id: int
    event_id: int
    ticket_id: int
    kind: str
    at: datetime
    letter: str | None = None


# Whoever orders mails for the same person waits here, or two could each think that they are few.
_ONE_BY_ONE = text(
    """
    SELECT pg_advisory_xact_lock(hashtextextended('mails:' || ref, 0))
    FROM (SELECT unnest(CAST(:refs AS text[])) AS ref ORDER BY 1) people
    """
)
_RECENT = text(
    """
    SELECT recipient, count(*) AS n FROM mails
    WHERE recipient = ANY(:refs) AND recipient LIKE 'user:%' AND posted_at > :since
    GROUP BY recipient
    """
)
# Its row is locked until we are done, and no sender takes a locked one: what joins is listed.
_GATHERING = text(
    f"""
    SELECT recipient, event_id FROM mails
    WHERE recipient = ANY(:refs) AND recipient LIKE 'user:%' AND kind = '{GATHERED}'
      AND state = 'WAITING' AND tries = 0 AND send_at > :now
    ORDER BY id FOR UPDATE
    """  # noqa: S608  # nosec B608 -- a constant of ours
)
_GATHER = text(
    """
    UPDATE notices n SET gathered = v.gathered
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS v(
        user_id integer, event_id bigint, gathered bigint)
    WHERE n.user_id = v.user_id AND n.event_id = v.event_id
    """
)


def reach(tellings: Sequence[Telling]) -> None:
    """Write notices and order mails, in the open transaction; at most six statements."""
    wanted = {(one.event_id, one.user_id): one for one in tellings}
    if not wanted:
        return
    rows = [
        {
            "user_id": one.user_id,
            "event_id": one.event_id,
            "ticket_id": one.ticket_id,
            "kind": one.kind,
            "at": one.at,
        }
        for _, one in sorted(wanted.items())
    ]
    written = insert(Notice).on_conflict_do_nothing().returning(Notice.event_id, Notice.user_id)
    fresh = [wanted[event_id, user_id] for event_id, user_id in db.session.execute(written, rows)]
    people = {one.user_id for one in fresh}
    if people:
        on_commit(lambda: _hint(people))
    _mail([one for one in fresh if one.letter is not None])


def _mail(tellings: Sequence[Telling]) -> None:
    asked = select(User.id).where(User.id.in_({t.user_id for t in tellings}), User.letters)
    wanting = set(db.session.scalars(asked)) if tellings else set[int]()
    of_each: dict[str, list[Telling]] = {}
    for one in sorted(tellings, key=lambda t: t.event_id):
        if one.user_id in wanting:
            of_each.setdefault(f"user:{one.user_id}", []).append(one)
    if not of_each:
        return
    now, refs, most = clock.now(), sorted(of_each), int(current_app.config["DIGEST_AFTER"])
    window = timedelta(minutes=int(current_app.config["DIGEST_MINUTES"]))
    db.session.execute(_ONE_BY_ONE, {"refs": refs})
    recent = _pairs(_RECENT, refs=refs, since=now - window)
    gathering = _pairs(_GATHERING, refs=refs, now=now)
    orders: list[Order] = []
    gathered: list[dict[str, int]] = []
    for ref, many in of_each.items():
        into = gathering.get(ref)
        if into is None and recent.get(ref, 0) + len(many) <= most:
            orders += [Order(t.event_id, str(t.letter), ref, f"ticket:{t.ticket_id}") for t in many]
            continue
        if into is None:
            into = many[0].event_id
            orders.append(Order(into, GATHERED, ref, ref, send_at=now + window))
        gathered += [{"user_id": t.user_id, "event_id": t.event_id, "gathered": into} for t in many]
    post(orders)
    if gathered:
        db.session.execute(_GATHER, {"rows": json.dumps(gathered)})


def _pairs(statement: TextClause, **values: object) -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(statement, values)}


def _hint(people: set[int]) -> None:
    for user_id in people:
        hint(f"user:{user_id}", "notices", f"user:{user_id}")
