"""What people do to a report in a random life: the table's action beside the use case."""

from __future__ import annotations

from collections.abc import Callable

from helpdesk import changes, requester, tickets
from helpdesk.rules.lifecycle import MOVES, Action, Status
from helpdesk.rules.vocabulary import Priority, TicketClass
from helpdesk.setup import office
from tests.promises.lives import Lives

AGENT = "user:1"

Doing = Callable[[int, str], object]

# What people do with words: the table's action, and the use case with a client's key.
SAYING: dict[str, tuple[Action, Doing]] = {
    "answer": (Action.ANSWER, lambda i, key: tickets.answer(i, "An answer.", AGENT, key)),
    "ask": (Action.ASK, lambda i, key: tickets.ask(i, "A question?", AGENT, key)),
    "resolve": (Action.RESOLVE, lambda i, key: tickets.resolve(i, "Settled.", AGENT, key)),
    "refuse": (Action.REFUSE, lambda i, key: tickets.refuse(i, "Not ours.", AGENT, key)),
    "forward": (Action.FORWARD, lambda i, key: tickets.forward(i, "Passed on.", AGENT, key)),
    "appeal": (Action.APPEAL, lambda i, key: requester.appeal(i, "We object.", key)),
    "write": (Action.WRITE, lambda i, key: requester.write(i, "More words.", key)),
}
MOVING: dict[str, tuple[Action, Callable[[int], object]]] = {
    "accept": (Action.ACCEPT, lambda i: tickets.accept(i, AGENT)),
    "hold": (Action.HOLD, lambda i: tickets.hold(i, "Bapenda", "They must look.", AGENT)),
    "resume": (Action.RESUME, lambda i: tickets.resume(i, AGENT)),
    "reopen": (Action.REOPEN, lambda i: tickets.reopen(i, AGENT)),
    "spam": (Action.SPAM, lambda i: tickets.spam(i, AGENT)),
    "withdraw": (Action.WITHDRAW, requester.withdraw),
}
CHANGES: dict[str, Callable[[Lives, int, int], object]] = {
    "priority": lambda at, i, n: changes.set_priority(i, list(Priority)[n % 4], AGENT),
    "class": lambda at, i, n: changes.classify(
        i, list(TicketClass)[n % 4], at.categories[n % len(at.categories)], AGENT, "It is one."
    ),
    "details": lambda at, i, n: changes.set_details(
        i, (None, *sorted(office.places()))[n % 4], None, AGENT, "It lies there."
    ),
}


def led(status: Status, action: Action) -> Status | None:
    """Where the table leads; None if it has no such move."""
    return MOVES[action].get(status)
