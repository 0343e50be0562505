"""A ticket's life on one screen: which action leads from where to where (promises, section 4).

This table and `helpdesk.acts.act` are the only places that know how a status may change.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class Status(StrEnum):
    NEW = "NEW"
    OPEN = "OPEN"
    PENDING = "PENDING"
    ON_HOLD = "ON_HOLD"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"


class Outcome(StrEnum):
    ANSWERED = "ANSWERED"
    REFUSED = "REFUSED"
    FORWARDED = "FORWARDED"
    DUPLICATE = "DUPLICATE"
    WITHDRAWN = "WITHDRAWN"
    SPAM = "SPAM"
    MERGED = "MERGED"
    NOT_COMPLETED = "NOT_COMPLETED"


class Action(StrEnum):
    ACCEPT = "ACCEPT"
    ASSIGN = "ASSIGN"
    ANSWER = "ANSWER"
    ASK = "ASK"
    HOLD = "HOLD"
    RESUME = "RESUME"
    WRITE = "WRITE"  # the citizen's message
    RESOLVE = "RESOLVE"
    REFUSE = "REFUSE"
    FORWARD = "FORWARD"
    SPAM = "SPAM"
    DUPLICATE = "DUPLICATE"
    MERGE = "MERGE"
    UNMERGE = "UNMERGE"
    WITHDRAW = "WITHDRAW"
    REOPEN = "REOPEN"
    APPEAL = "APPEAL"
    LAPSE = "LAPSE"
    CLOSE = "CLOSE"


class NoSuchMove(ValueError):
    """The table has no such move."""


_S = Status
ENDED = frozenset({_S.RESOLVED, _S.CLOSED})
_ANY_OPEN = (_S.NEW, _S.OPEN, _S.PENDING, _S.ON_HOLD)

# What stays says so by naming its own status; what is missing is refused.
MOVES: dict[Action, dict[Status, Status]] = {
    Action.ACCEPT: {_S.NEW: _S.OPEN, _S.OPEN: _S.OPEN},
    # A ticket that is already at work may change hands wherever it stands.
    Action.ASSIGN: {
        _S.NEW: _S.OPEN,
        _S.OPEN: _S.OPEN,
        _S.PENDING: _S.PENDING,
        _S.ON_HOLD: _S.ON_HOLD,
    },
    Action.ANSWER: {
        _S.NEW: _S.OPEN,
        _S.OPEN: _S.OPEN,
        _S.PENDING: _S.PENDING,
        _S.ON_HOLD: _S.ON_HOLD,
    },
    Action.ASK: {_S.OPEN: _S.PENDING, _S.ON_HOLD: _S.PENDING},
    Action.HOLD: {_S.OPEN: _S.ON_HOLD},
    Action.RESUME: {_S.PENDING: _S.OPEN, _S.ON_HOLD: _S.OPEN},
    Action.WRITE: {
        _S.NEW: _S.NEW,
        _S.OPEN: _S.OPEN,
        _S.PENDING: _S.OPEN,
        _S.ON_HOLD: _S.OPEN,
        _S.RESOLVED: _S.OPEN,
    },
    Action.RESOLVE: {_S.OPEN: _S.RESOLVED, _S.PENDING: _S.RESOLVED, _S.ON_HOLD: _S.RESOLVED},
    Action.REFUSE: {_S.NEW: _S.RESOLVED, _S.OPEN: _S.RESOLVED, _S.ON_HOLD: _S.RESOLVED},
    Action.FORWARD: {_S.NEW: _S.RESOLVED, _S.OPEN: _S.RESOLVED, _S.ON_HOLD: _S.RESOLVED},
    Action.SPAM: dict.fromkeys(_ANY_OPEN, _S.CLOSED),
    Action.DUPLICATE: dict.fromkeys(_ANY_OPEN, _S.CLOSED),
    Action.MERGE: dict.fromkeys(_ANY_OPEN, _S.CLOSED),
    Action.UNMERGE: {_S.CLOSED: _S.OPEN},  # only of what was merged
    Action.WITHDRAW: dict.fromkeys(_ANY_OPEN, _S.CLOSED),
    Action.REOPEN: {_S.RESOLVED: _S.OPEN},
    Action.APPEAL: {_S.RESOLVED: _S.OPEN},
    Action.LAPSE: {_S.PENDING: _S.CLOSED},
    Action.CLOSE: {_S.RESOLVED: _S.CLOSED},
}

OUTCOMES: dict[Action, Outcome] = {
    Action.RESOLVE: Outcome.ANSWERED,
    Action.REFUSE: Outcome.REFUSED,
    Action.FORWARD: Outcome.FORWARDED,
    Action.SPAM: Outcome.SPAM,
    Action.DUPLICATE: Outcome.DUPLICATE,
    Action.MERGE: Outcome.MERGED,
    Action.WITHDRAW: Outcome.WITHDRAWN,
    Action.LAPSE: Outcome.NOT_COMPLETED,
}


def next_status(status: Status, action: Action) -> Status:
    """Where an action leads from a status; NoSuchMove if the table does not have it."""
    try:
        return MOVES[action][status]
    except KeyError:
        raise NoSuchMove(f"{action} is no move from {status}") from None


REMINDERS = (7, 1)  # days before a question lapses at which the citizen is reminded of it


def first_reminder(
    status: Status, asked_at: datetime, closes_at: datetime | None
) -> datetime | None:
    """When to remind the citizen of a question asked at a moment; None where nothing was asked,
    or where so few days are left to reply that no reminder comes before the end."""
    if status is not Status.PENDING or closes_at is None:
        return None
    moments = (closes_at - timedelta(days=days) for days in REMINDERS)
    return next((moment for moment in moments if moment > asked_at), None)


def reminder_due(closes_at: datetime, now: datetime) -> tuple[int | None, datetime | None]:
    """Which reminder is due (its days; None: not yet one, or it is too late for any), and when
    the one after it comes. Of two that came while nobody looked, only the last is due."""
    moments = [(days, closes_at - timedelta(days=days)) for days in REMINDERS]
    if now >= closes_at:
        return None, None
    due = [days for days, at in moments if at <= now]
    return (due[-1] if due else None), next((at for _, at in moments if at > now), None)
