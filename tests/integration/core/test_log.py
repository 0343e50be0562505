"""The log: what stands in it can be proved, and nobody can change it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import events, outbox
from core.canonical import digest
from core.database import db, transaction
from core.event_kinds import KINDS, declare, instant, one_of, ref
from core.events import Entry, Event
from core.running.throwaway import Servers

AT = datetime(2026, 11, 24, 3, 0, 0, 123456, tzinfo=UTC)
HOLDS = {"code": one_of(("DONE", "A.b:1")), "whose": ref, "when": instant}
HAPPENED = declare("TEST_HAPPENED", needs="count", may="code whose when", holds=HOLDS)
COUNTED = declare("TEST_COUNTED", needs="count")


def _append(count: int = 1, **more: int | str) -> int:
    with transaction():
        entry = Entry(HAPPENED, "ticket:1", "user:3", AT, {"count": count, **more})
        return events.append([entry])[0]


def test_a_digest_is_the_same_worked_out_from_the_stored_row(db_session: Session) -> None:
    row = db.session.get_one(Event, _append(7, code="A.b:1"))
    again = digest(
        at=row.at,
        kind=row.kind,
        subject=row.subject,
        actor=row.actor,
        visibility=row.visibility,
        data=row.data,
        form=row.format,
    )
    assert again == row.digest
    assert (
        digest(
            at=row.at,
            kind=row.kind,
            subject="ticket:2",
            actor=row.actor,
            visibility=row.visibility,
            data=row.data,
        )
        != row.digest
    )


@pytest.mark.parametrize("wrong", [{}, {"count": 1, "other": 2}, {"count": None}, {"count": 1.5}])
def test_an_event_with_other_keys_or_values_than_declared_is_refused(
    db_session: Session, wrong: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="TEST_HAPPENED"):
        events.append([Entry(HAPPENED, "ticket:1", "system", AT, wrong)])  # type: ignore[arg-type]


TYPED = ["Siti", "Siti Rahmawati", "SITI", "+6281234567890", "081234567890", "3275010101900001"]


@pytest.mark.parametrize("typed", [*TYPED, "siti@warga.example", "", "2026-11-24", "user:x"])
@pytest.mark.parametrize("key", ["code", "whose", "when"])
def test_no_name_telephone_or_number_of_identity_fits_into_the_log(
    db_session: Session, key: str, typed: str
) -> None:
    with pytest.raises(ValueError, match=f"TEST_HAPPENED.{key}") as caught:
        events.append([Entry(HAPPENED, "ticket:1", "system", AT, {"count": 1, key: typed})])
    assert not typed or typed not in str(caught.value)


@pytest.mark.parametrize("typed", [*TYPED, 3275010101900001, 6281234567890, True])
def test_a_number_is_an_id_or_a_count(db_session: Session, typed: int | str) -> None:
    with pytest.raises(ValueError, match=r"TEST_HAPPENED\.count"):
        events.append([Entry(HAPPENED, "ticket:1", "system", AT, {"count": typed})])


@pytest.mark.parametrize("typed", ["Siti", "ticket", "ticket:Siti", "3275010101900001"])
def test_subject_and_actor_are_refs(db_session: Session, typed: str) -> None:
    for subject, actor in ((typed, "system"), ("ticket:1", typed)):
        with pytest.raises(ValueError, match="refs"):
            events.append([Entry(HAPPENED, subject, actor, AT, {"count": 1})])


def test_refs_instants_and_listed_words_are_held(db_session: Session) -> None:
    held = {"code": "DONE", "whose": "user:3", "when": "2026-11-24T03:00:00.123456Z"}
    assert db.session.get_one(Event, _append(1, **held)).data == {"count": 1, **held}


def test_no_key_of_any_kind_holds_what_a_person_could_have_typed(app: Flask) -> None:
    with_words = [(kind.name, *one) for kind in KINDS.values() for one in kind.holds.items()]
    assert len(with_words) > 20
    assert [found for found in with_words for typed in TYPED if found[2](typed)] == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE events SET kind = 'X'", "DELETE FROM events", "TRUNCATE events CASCADE"],
)
@pytest.mark.parametrize("role", ["application", "owner"])
def test_nobody_changes_the_log(
    committed_app: Flask, servers: Servers, statement: str, role: str
) -> None:
    with committed_app.app_context():
        event_id = _append()
        name = db.engine.url.database or ""
    url = servers.settings(name)
    engine = create_engine(
        (url.database_url if role == "application" else url.database_owner_url) or ""
    )
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    with committed_app.app_context():
        assert db.session.get_one(Event, event_id).kind == "TEST_HAPPENED"


def test_a_rollback_leaves_neither_event_nor_delivery(db_session: Session) -> None:
    events.subscribe_durable("test-rollback", COUNTED)
    with pytest.raises(RuntimeError), transaction():
        events.append([Entry(COUNTED, "ticket:1", "system", AT, {"count": 1})])
        raise RuntimeError
    assert outbox.take("test-rollback") == []
    assert db.session.scalars(select(Event.id).where(Event.kind == "TEST_COUNTED")).all() == []
