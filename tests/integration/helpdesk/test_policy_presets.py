"""Legal duties as policies to begin from: each with its source, its date, and its own number."""

from __future__ import annotations

import secrets
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.clock import MovableClock
from core.database import db, transaction
from core.i18n import local
from helpdesk import filing
from helpdesk.models import Category
from helpdesk.rules.vocabulary import TicketClass
from sla import policy_presets
from sla.models import PolicyVersion, TimerRow
from tests.integration.helpdesk.desk import Desk
from tests.integration.helpdesk.policy_editor import PAGE, Editor

pytestmark = pytest.mark.usefixtures("office", "clock")

# Counted by hand on the calendar, for what is filed on Tuesday 2026-11-24 at 09.00.
BY_HAND = {
    "verification": date(2026, 11, 27),
    "follow-up": date(2026, 12, 1),
    "information": date(2026, 12, 1),
    "complaint": date(2026, 12, 14),
    "supervisory": date(2027, 2, 23),
    "aspiration": date(2026, 12, 14),
    "first-answer": date(2026, 12, 14),
    "personal-data": date(2026, 11, 27),
    "public-information": date(2026, 12, 8),
    "light": date(2026, 11, 26),
}
KLASS = {"information": "INFORMATION", "aspiration": "SUGGESTION"}


@pytest.fixture
def admin(app: Flask) -> Desk:
    return Desk(app, "Agus", Role.ADMIN)


def use(admin: Desk, key: str, **typed: object) -> str:
    """Open the editor that a duty fills, change what is named, look and publish."""
    editor = Editor(admin, f"baru?duty={key}").type(**typed)
    editor.save()
    return editor.text


def filed(key: str) -> list[TimerRow]:
    """The timers of a report that falls under a preset's conditions."""
    preset = policy_presets.find(key)
    topic = {"personal-data": "data-pribadi", "supervisory": "pungli"}.get(key)
    with transaction():
        chosen = db.session.scalar(select(Category.id).filter_by(key=topic))
        klass = TicketClass(KLASS.get(key, "COMPLAINT"))
        tags = tuple(preset.conditions.get("tag", ()))
        one = filing.Filing(klass, "Kata.", secrets.token_hex(16), category_id=chosen, tags=tags)
        ticket_id = filing.file(one).ticket_id
    wanted = select(TimerRow).where(TimerRow.subject == f"ticket:{ticket_id}")
    return list(db.session.scalars(wanted))


@pytest.mark.parametrize("key", sorted(BY_HAND))
def test_a_preset_promises_the_date_that_was_counted_by_hand(admin: Desk, key: str) -> None:
    use(admin, key)
    preset = policy_presets.find(key)
    due = next(row.due_at for row in filed(key) if row.metric == preset.metric)
    assert due is not None
    assert local(due).date() == BY_HAND[key]


def test_every_preset_is_shown_with_its_source_and_date(admin: Desk) -> None:
    words = admin.client.get(PAGE).get_data(as_text=True)
    for preset in policy_presets.PRESETS:
        assert preset.source in words
    assert "UU 27/2022" in words
    assert set(BY_HAND) == {preset.key for preset in policy_presets.PRESETS}


def test_a_number_of_ones_own_is_promised_and_the_next_use_is_a_version(admin: Desk) -> None:
    use(admin, "light", n__RESOLUTION="1", name="Ringan")
    use(admin, "light", n__RESOLUTION="4")
    rows = list(db.session.scalars(select(PolicyVersion).where(PolicyVersion.key == "light")))
    assert [row.version for row in rows] == [1, 2]
    assert rows[1].targets["RESOLUTION"]["n"] == 4
    assert rows[1].targets["FIRST_RESPONSE"] == rows[0].targets["FIRST_RESPONSE"]


@pytest.mark.parametrize("n", ["0", "-1", "2501", "banyak", "1.5"])
def test_a_number_that_makes_no_sense_is_refused_and_kept(admin: Desk, n: str) -> None:
    words = use(admin, "light", n__RESOLUTION=n)
    assert 'id="f-n-RESOLUTION-error"' in words
    assert f'value="{n}"' in words
    assert db.session.scalars(select(PolicyVersion).where(PolicyVersion.key == "light")).all() == []


def test_a_duty_of_a_policy_that_is_there_opens_that_policy(admin: Desk) -> None:
    """What falls under no condition changes the last policy, which all else falls under."""
    assert Editor(admin, "baru?duty=information").key == "information"
    editor = Editor(admin, "baru?duty=verification")
    assert (editor.key, editor.fields["n-VERIFICATION"]) == ("ordinary", "3")
    assert Editor(admin, "baru?duty=light").fields["c-tag"] == "ringan"


def test_what_is_not_listed_is_not_there(admin: Desk, clock: MovableClock) -> None:
    assert admin.client.get(f"{PAGE}/baru?duty=nothing").status_code == 404
    assert admin.client.get(f"{PAGE}/nothing/ubah").status_code == 404
