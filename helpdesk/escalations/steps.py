"""Steps that came, with the report that each is about and what its policy says it does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, String, column, select, values

from core.database import db
from core.outbox import Told
from helpdesk.escalations import kinds
from helpdesk.models import Escalation, Ticket
from sla import book
from sla.models import TimerRow
from sla.rules.deeds import Deed
from sla.rules.policy import Metric


@dataclass(frozen=True, slots=True)
class Step:
    """`escalation`: set where the step (or the event) is one of what waits before a level."""

    told: Told
    ticket: Ticket
    deeds: Sequence[Deed] = ()
    escalation: Escalation | None = None

    @property
    def level(self) -> int:
        return self.escalation.level if self.escalation is not None else 0


def steps_of(told: Sequence[Told]) -> list[Step]:
    """The steps among a batch that have anything to do, in their order: four statements at most.
    What was taken up or is over at its level needs no step any more."""
    deeds = _deeds(told)
    before = _escalations(told)
    needed = [one for one in told if one.event_id in deeds or one.subject in before]
    ids = {row.ticket_id for row in before.values()}
    ids |= {_number(one.subject) for one in needed if one.subject.startswith("ticket:")}
    asked = select(Ticket).where(Ticket.id.in_(ids)).execution_options(populate_existing=True)
    reports = {row.id: row for row in db.session.scalars(asked)} if ids else {}
    found = []
    for one in needed:
        row = before.get(one.subject)
        if row is None:
            found.append(Step(one, reports[_number(one.subject)], deeds[one.event_id]))
        elif row.ended_at is None and (row.taken_by is None or one.kind == kinds.ESCALATED.name):
            does = deeds.get(one.event_id, ())
            found.append(Step(one, reports[row.ticket_id], does, row))
    return found


def _escalations(told: Iterable[Told]) -> dict[str, Escalation]:
    ids = {_number(one.subject) for one in told if one.subject.startswith("escalation:")}
    if not ids:
        return {}
    asked = select(Escalation).where(Escalation.id.in_(ids))
    rows = db.session.scalars(asked.execution_options(populate_existing=True))
    return {row.ref: row for row in rows}


def _deeds(told: Iterable[Told]) -> dict[int, Sequence[Deed]]:
    """What the steps do, by event: of those that do anything."""
    stepped = [one for one in told if "step" in one.data]
    if not stepped:
        return {}
    said = values(
        column("subject", String), column("metric", String), column("cycle", Integer), name="said"
    ).data([(one.subject, one.data["metric"], one.data["cycle"]) for one in stepped])
    rows = db.session.execute(
        select(TimerRow.subject, TimerRow.metric, TimerRow.cycle, TimerRow.policy_id).where(
            TimerRow.subject == said.c.subject,
            TimerRow.metric == said.c.metric,
            TimerRow.cycle == said.c.cycle,
        )
    )
    policies = {(row.subject, row.metric, row.cycle): row.policy_id for row in rows}
    rules, found = book.current(), dict[int, Sequence[Deed]]()
    for one in stepped:
        policy = policies.get((one.subject, one.data["metric"], one.data["cycle"]))
        if policy is not None:
            metric, step = Metric(str(one.data["metric"])), str(one.data["step"])
            if does := rules.policy(policy).deeds(metric, step):
                found[one.event_id] = does
    return found


def _number(subject: str) -> int:
    return int(subject.partition(":")[2])
