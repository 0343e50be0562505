"""What the steps of a policy's ladder do, each once: a durable subscriber carries them out.

The step's event names metric, cycle and step; the timer's policy version says what it does. One
deed that cannot be done (a queue that was shut, a person who left) holds up no other. What is only
told costs a batch a few statements, however many steps came at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from core import clock, events, outbox
from core.canonical import Value
from core.database import db
from core.errors import DomainError
from core.events import Entry
from core.i18n import gettext
from core.outbox import Told
from helpdesk import changes, tickets
from helpdesk.acts import lock
from helpdesk.causes import acts as causes
from helpdesk.escalation import raise_priority
from helpdesk.escalations import acts, kinds, levels
from helpdesk.escalations.apart import apart
from helpdesk.escalations.kinds import Cause
from helpdesk.escalations.levels import Staffing
from helpdesk.escalations.steps import Step, steps_of
from helpdesk.escalations.whom import whom
from helpdesk.models import Ticket
from helpdesk.notifying.overtaken import overtaken
from helpdesk.notifying.reaching import Telling, reach
from helpdesk.rules.lifecycle import ENDED, Status
from sla.kinds import TIMER_STEPPED
from sla.rules.deeds import Deed, Does

log = logging.getLogger(__name__)

SUBSCRIBER = "ladder"
STEPPED, ESCALATED = "stepped", "escalated"  # letters


def register() -> None:
    events.subscribe_durable(SUBSCRIBER, TIMER_STEPPED, kinds.ESCALATED)
    outbox.handle(SUBSCRIBER, climb)


def climb(told: Sequence[Told]) -> None:
    """Do what each step says. A warning that comes after its date warns nobody any more."""
    at = clock.now()
    late = overtaken(told, at)
    round_ = _Round(at)
    for step in steps_of(told):
        if step.told.kind == kinds.ESCALATED.name:
            round_.tell_level(step, ESCALATED)
            continue
        if step.escalation is not None and step.told.event_id not in late:
            round_.tell_level(step, STEPPED)
        for deed in step.deeds:
            if deed.does is Does.NOTIFY:
                if step.told.event_id not in late:
                    round_.tell(step, deed.to)
                continue
            try:
                with db.session.begin_nested():
                    _do(step, deed)
            except DomainError:
                log.warning("a step could not %s for %s", deed.does.value, step.told.subject)
    reach(round_.tellings)


class _Round:
    """Who is to be told by one batch, and who stands where meanwhile."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.tellings: list[Telling] = []
        self._there: Staffing | None = None

    @property
    def there(self) -> Staffing:
        if self._there is None:
            self._there = levels.staffing(self.at)
        return self._there

    def tell(self, step: Step, to: str) -> None:
        """Those whom a step names and who may read the report."""
        if _open(step.ticket):
            self._add(step, whom(step.ticket, to, self.there), STEPPED)

    def tell_level(self, step: Step, letter: str) -> None:
        """Whoever stands at the level before which the report waits."""
        way = apart(step.ticket)
        self._add(step, self.there.people_of(step.level, apart=way), letter)

    def _add(self, step: Step, people: Sequence[int], letter: str) -> None:
        one = step.told
        self.tellings += [
            Telling(user_id, one.event_id, step.ticket.id, one.kind, one.at, letter)
            for user_id in people
        ]


def _open(ticket: Ticket) -> bool:
    """What was settled before anybody came to it is left alone."""
    return Status(ticket.status) not in ENDED


def _do(step: Step, deed: Deed) -> None:
    one, ticket_id = step.told, step.ticket.id
    moment = lock(ticket_id)
    if not _open(moment.ticket):
        return
    about: Mapping[str, Value] = {"metric": one.data["metric"], "cycle": one.data["cycle"]}
    does: dict[Does, Callable[[], object]] = {
        Does.RAISE: lambda: raise_priority(moment),
        Does.LEVEL: lambda: acts.reach_level(moment, deed.n, Cause.STEP),
        Does.REASSIGN: lambda: tickets.assign(
            ticket_id, deed.n, "system", moment.ticket.assignee_id
        ),
        Does.QUEUE: lambda: changes.move(
            ticket_id, deed.n, gettext("Moved by the ladder of its promise."), "system"
        ),
        Does.CAUSE: lambda: causes.want(moment.ticket, about),
        Does.WEBHOOK: lambda: events.append(
            [Entry(kinds.WEBHOOK_WANTED, moment.ticket.ref, "system", moment.at, dict(about))]
        ),
    }
    does[deed.does]()
