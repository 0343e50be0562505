"""What a policy may be bound to: one table for editors, the same names for every report."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock, refs
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import filing, policyfacts
from helpdesk.models import Place, Ticket
from helpdesk.rules.vocabulary import Channel, TicketClass
from helpdesk.setup import conditions
from sla import policy_presets
from sla.models import PolicyVersion, TimerRow
from sla.policies import order
from sla.recalculation import publishing
from sla.recalculation.publishing import Draft
from tests.integration.helpdesk.desk import fresh

pytestmark = pytest.mark.usefixtures("office", "clock")


@pytest.fixture(autouse=True)
def page(app: Flask) -> object:
    with app.test_request_context():
        yield


def filed(**more: object) -> Ticket:
    with transaction():
        one = filing.Filing(TicketClass.COMPLAINT, "Kata.", uuid.uuid4().hex, **more)  # type: ignore[arg-type]
        return fresh(filing.file(one).ticket_id)


def place() -> Place:
    return db.session.scalars(select(Place).order_by(Place.id)).first()  # type: ignore[return-value]


def bound(**values: list[str]) -> int:
    """A policy of its own, tried first, for what these conditions say; its version's id."""
    first = order.latest()[0]
    draft = Draft(
        name="Sendiri",
        position=first.position - 1,
        calendar_key="office",
        conditions=values,
        targets={"RESOLUTION": {"n": 2, "unit": "days"}},
    )
    now = clock.now()
    with transaction():
        return publishing.publish_policy(
            "own", draft, valid_from=now, apply_to_open=False, at=now, actor="system"
        )


def under(ticket: Ticket) -> int:
    wanted = select(TimerRow.policy_id).where(TimerRow.subject == ticket.ref)
    return int(db.session.scalars(wanted).first() or 0)


def test_the_table_and_what_is_told_of_a_report_have_the_same_names() -> None:
    assert set(conditions.MAKERS) == set(policyfacts.NAMES)
    assert set(policyfacts.of_ticket(filed())) == set(policyfacts.NAMES)
    for one in conditions.table():
        assert conditions.MAKERS[one.name]().name == one.name
        assert one.label
        assert one.typed or one.choices
        assert len({choice.value for choice in one.choices}) == len(one.choices)


def test_what_a_report_says_of_itself_is_among_the_choices() -> None:
    about = refs.listing("permit_type")[0].ref
    one = filed(place_id=place().id, about_ref=about, phone="+628123456789")
    for name, values in policyfacts.of_ticket(one).items():
        known = conditions.condition(name)
        assert known is not None
        assert known.typed or set(values) <= {choice.value for choice in known.choices}, name


def test_a_kecamatan_holds_all_its_kelurahan_and_a_kelurahan_only_itself() -> None:
    here = place()
    same = select(Place).where(Place.kecamatan == here.kecamatan, Place.id != here.id)
    beside = db.session.scalars(same).first()
    assert beside is not None
    whole = bound(area=[here.kecamatan])
    assert under(filed(place_id=here.id)) == under(filed(place_id=beside.id)) == whole
    only = bound(area=[f"{here.kecamatan}/{here.kelurahan}"])
    assert under(filed(place_id=here.id)) == only
    assert under(filed(place_id=beside.id)) not in (whole, only)
    assert under(filed()) not in (whole, only)


def test_a_policy_can_be_for_a_service() -> None:
    wanted, other = refs.listing("permit_type")[:2]
    own = bound(service=[wanted.ref])
    assert under(filed(about_ref=wanted.ref)) == own
    assert under(filed(about_ref=other.ref)) != own


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("GUEST", {"name": "Siti"}),
        ("GUEST", {"phone": "+628123456789"}),
        ("ANONYMOUS", {}),
        ("ON_BEHALF", {"name": "Siti", "channel": Channel.COUNTER}),
        ("ON_BEHALF", {"channel": Channel.PHONE}),
    ],
)
def test_a_policy_can_be_for_who_brings_it(kind: str, more: dict[str, object]) -> None:
    own = bound(requester=[kind])
    assert under(filed(**more)) == own


def test_conditions_are_said_in_words() -> None:
    here = place()
    said = conditions.conditions_words(
        {"class": ["COMPLAINT", "SUGGESTION"], "area": [here.kecamatan], "language": ["en"]}
    )
    assert said == f"Pengaduan atau Saran, Wilayah: seluruh {here.kecamatan}, Bahasa: English"
    assert conditions.conditions_words({}) == "semua yang lain"


def test_what_is_no_more_is_found_and_still_said() -> None:
    old = {"category": ["pungli", "dulu"], "moon": ["full"], "tag": ["ppid"], "queue": ["9999"]}
    assert conditions.gone(old) == [("category", "dulu"), ("moon", "full"), ("queue", "9999")]
    assert "dulu" in conditions.conditions_words(old)


def test_every_policy_and_preset_of_ours_names_what_there_is(clock: MovableClock) -> None:
    rows = [row.conditions for row in db.session.scalars(select(PolicyVersion))]
    for said in [*rows, *(preset.conditions for preset in policy_presets.PRESETS)]:
        assert conditions.gone(said) == []
