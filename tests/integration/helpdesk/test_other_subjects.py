"""What happens to an application or an escalation never touches the report of the same number."""

from __future__ import annotations

import pytest

from core import clock
from core.database import transaction
from core.outbox import Told
from helpdesk import broadcasts, escalation
from helpdesk.notifying import notifications
from sla.kinds import TIMER_BREACHED, TIMER_STEPPED
from tests.counting import statements
from tests.integration.helpdesk.desk import fresh, report

pytestmark = pytest.mark.usefixtures("office")
OTHERS = ("application", "stage", "escalation")


def told(prefix: str, number: int, kind: str = TIMER_BREACHED.name) -> Told:
    data = {"metric": "PROCESSING", "cycle": 1, "step": "75"}
    return Told(1, clock.now(), kind, f"{prefix}:{number}", "system", data)


@pytest.mark.parametrize("prefix", OTHERS)
def test_their_breaches_raise_no_reports_priority(prefix: str) -> None:
    ticket = report()
    with transaction():
        escalation.escalate([told(prefix, ticket.id)])
    assert fresh(ticket.id).priority == "NORMAL"


@pytest.mark.parametrize("prefix", OTHERS)
@pytest.mark.parametrize("kind", [TIMER_BREACHED.name, TIMER_STEPPED.name])
def test_their_breaches_and_steps_hint_at_no_report(
    monkeypatch: pytest.MonkeyPatch, prefix: str, kind: str
) -> None:
    ticket, heard = report(), list[str]()
    monkeypatch.setattr(broadcasts, "hint", lambda room, *_: heard.append(room))
    with transaction():
        broadcasts.tell_swept([told(prefix, ticket.id, kind)])
    assert heard == []
    with transaction():
        broadcasts.tell_swept([told("ticket", ticket.id, kind)])
    assert f"ticket:{ticket.id}" in heard


@pytest.mark.parametrize("prefix", OTHERS)
def test_they_write_no_notices_of_a_report(prefix: str) -> None:
    ticket = report()
    with statements() as sent, transaction():
        notifications.notify([told(prefix, ticket.id)])
    assert not [one for one, _ in sent if "INSERT INTO notices" in one]
