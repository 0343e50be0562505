"""The sending of mails: one is taken under a lease, handed over, and marked with how that ended.

No transaction is open while the server is talked to. Whoever dies between the server's yes and our
mark leaves a mail whose lease runs out: it is sent once more, under the same Message-ID, and the
log says that the earlier try's end is unknown. So a mail is sent at least once, and at most once
more for each time that a worker dies in that moment.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import text

from core import clock, jobs
from core.database import db, transaction
from core.mails import letter
from core.mails.mail import Away, NotNow, Refused
from core.mails.mailbox import WHEN_LOST, WRITERS, Mail

log = logging.getLogger(__name__)

WORK_SECONDS = 60.0  # of one job; a worker has other things to do too
LEASE = timedelta(seconds=jobs.JOB_SECONDS + 60)  # no job lives as long
FIRST_WAIT, LONGEST_WAIT = 30, 3600  # seconds; each try waits twice as long as the one before
GIVE_UP_AFTER = timedelta(days=3)

_TAKE = text(
    """
    WITH due AS (
        SELECT id, tries, outcome FROM mails WHERE state = 'WAITING' AND send_at <= :now
        ORDER BY send_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    UPDATE mails m SET tries = m.tries + 1, outcome = 'UNKNOWN', send_at = :leased_until
    FROM due WHERE m.id = due.id
    RETURNING m.id, due.tries, due.outcome
    """
)


@dataclass(slots=True)
class Rest:
    """A server that is away is left alone for a while, or each mail would hold up the worker."""

    until: float = 0.0  # monotonic
    span: float = 0.0

    def begin(self) -> None:
        self.span = min(300.0, self.span * 2 or 15.0)
        self.until = time.monotonic() + self.span

    def end(self) -> None:
        self.until = self.span = 0.0


def _rest() -> Rest:
    found: Rest = current_app.extensions.setdefault("postman-rests", Rest())
    return found


def wake() -> None:
    """Ask a worker to send what waits."""
    jobs.enqueue(send_waiting, once="mails")


@jobs.job
def send_waiting() -> None:
    """Send what waits, one mail at a time, for a minute at most; then ask for another job."""
    jobs.begun("mails")
    end = time.monotonic() + WORK_SECONDS
    while time.monotonic() < end:
        if time.monotonic() < _rest().until or not send_one():
            return
    wake()


def send_one() -> bool:
    """Take one mail that is due and try to send it; False if none is."""
    now = clock.now()
    with transaction() as session:
        row = session.execute(_TAKE, {"now": now, "leased_until": now + LEASE}).one_or_none()
    if row is None:
        return False
    if row.outcome == "UNKNOWN" and row.tries:
        log.warning("mail %s: how the try before ended is unknown; it may arrive twice", row.id)
    state, outcome = _try(row.id)
    with transaction() as session:
        mail = session.get_one(Mail, row.id, with_for_update=True, populate_existing=True)
        mail.outcome = outcome
        if state == "WAITING" and now - mail.posted_at >= GIVE_UP_AFTER:
            state = "GAVE_UP"
        if state == "WAITING":
            mail.send_at = _next_try(mail.tries)
        else:
            mail.state = state
        if state == "SENT":
            mail.sent_at = clock.now()
        elif state in ("REFUSED", "GAVE_UP"):
            for tell in WHEN_LOST:
                tell(mail)
    return True


def _next_try(tries: int) -> datetime:
    waits = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tries - 1, 10))
    return clock.now() + timedelta(seconds=waits)


def _try(mail_id: int) -> tuple[str, str]:
    """The state that this try leaves the mail in, and its outcome in a word."""
    try:
        mail = db.session.get_one(Mail, mail_id)
        words = WRITERS[mail.kind](mail)
        name, posted_at = mail.name, mail.posted_at
        db.session.rollback()  # nothing stays open while we talk to the server
        if words is None:
            return "DROPPED", "NOBODY"
        settings = current_app.config
        written = letter.write(
            words,
            name=name,
            sender=settings["MAIL_FROM"],
            domain=settings["MAIL_DOMAIN"],
            at=posted_at,
        )
        current_app.extensions["postman"].send(written)
    except letter.Unaddressable:
        return "REFUSED", "ADDRESS"
    except Refused as error:
        log.warning("mail %s was refused for good: %s", mail_id, error)
        return "REFUSED", str(error)
    except NotNow as error:
        if isinstance(error, Away):
            _rest().begin()
        log.warning("mail %s was not sent, and is tried again: %s", mail_id, error)
        return "WAITING", str(error)
    except jobs.JobTimeoutException:
        raise  # how it ended is unknown, and the lease says when it is tried again
    except Exception:
        # One mail that cannot be written must not keep the others from leaving.
        db.session.rollback()
        log.exception("mail %s could not be written", mail_id)
        return "WAITING", "BROKEN"
    _rest().end()
    return "SENT", "TAKEN"


def overdue(now: datetime) -> int:
    """A chore: ask for a sender while mails wait whose moment has come."""
    waiting = db.session.execute(
        text(
            "SELECT count(*) FROM (SELECT 1 FROM mails WHERE state = 'WAITING' "
            "AND send_at <= :now LIMIT 1) w"
        ),
        {"now": now},
    ).scalar_one()
    if waiting:
        wake()
    return int(waiting)
