"""Whatever is done to the log or its seals behind the triggers' back, verify-log names it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

import prepare
from core import events, proofs
from core.canonical import digest
from core.database import db, transaction
from core.event_kinds import declare
from core.events import Entry
from core.proofs import ERASED
from core.running.throwaway import Servers
from core.seals import sealing
from tests.integration.core.sealed import AT, findings, intruder, newest_hash, note, seal

PROVED = declare("TEST_PROVED", needs="proof", holds={"proof": proofs.PROOF})


@pytest.fixture
def house(committed_app: Flask) -> Iterator[Flask]:
    """Nine sealed events in three seals; one more waits."""
    with committed_app.app_context():
        note(*range(1, 10))
        assert seal(3) == 9
        note(10)
        yield committed_app


def count() -> int:
    return int(db.session.execute(text("SELECT count(*) FROM events")).scalar_one())


def command(app: Flask, *more: str) -> Result:
    """The command runs on a system with its starting data, whose own events wait for a seal."""
    prepare.starting_data()
    return app.test_cli_runner().invoke(args=["verify-log", *more])


def test_a_log_that_nobody_touched_is_right(house: Flask) -> None:
    ran = command(house)
    assert ran.exit_code == 0
    waits = count() - 9
    assert waits
    assert ran.stdout == f"3 seals over 9 events, {waits} wait for a seal: all is right\n"
    assert f"{count()} events verified" in ran.stderr


ALTERED = "event 5 (TEST_NOTED of ticket:5) was altered"
NO_HASH = "seal 2 was altered: its hash"
CHANGES = {
    "UPDATE events SET subject = 'ticket:77' WHERE id = 5": ALTERED.replace("t:5", "t:77"),
    "UPDATE events SET at = at + interval '1 microsecond' WHERE id = 5": ALTERED,
    "UPDATE events SET actor = 'user:1' WHERE id = 5": ALTERED,
    "UPDATE events SET data = '{\"n\": 6}' WHERE id = 5": ALTERED,
    "UPDATE events SET data = '{\"n\": [null, 1.5]}' WHERE id = 5": ALTERED,
    "UPDATE events SET format = 2 WHERE id = 5": ALTERED,
    "UPDATE events SET digest = decode('00', 'hex') WHERE id = 5": ALTERED,
    "UPDATE events SET visibility = 'PUBLIC' WHERE id = 10": ALTERED.replace("5", "10"),
    "UPDATE events SET xid = '9999999999' WHERE id = 5": "event 5 was altered: it was moved",
    "DELETE FROM events WHERE id = 5": "event 5 is missing; seal 2 lists it",
    "DELETE FROM events WHERE id > 0": "event 1 is missing; seal 1 lists it",
    "UPDATE seals SET count = 2 WHERE number = 2": NO_HASH,
    "UPDATE seals SET at = at + interval '1 second' WHERE number = 2": NO_HASH,
    "UPDATE seals SET epoch = 2 WHERE number = 2": NO_HASH,
    "UPDATE seals SET covers = substr(covers, 1, 40) WHERE number = 2": NO_HASH,
    "UPDATE seals SET before = hash WHERE number = 2": NO_HASH,
    "DELETE FROM seals WHERE number = 2": "seal 2 is missing",
    "DELETE FROM seals WHERE number = 1": "seal 1 is missing",
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_named(house: Flask, servers: Servers, change: str) -> None:
    with intruder(house, servers) as other:
        assert other.execute(change.encode()).rowcount
    assert findings()[0][0].startswith(CHANGES[change])


def test_a_row_that_was_slipped_in_is_named_though_its_digest_is_right(
    house: Flask, servers: Servers
) -> None:
    """Between sealed ones, below all ids, and with a transaction that has yet to come."""
    right = digest(
        at=AT, kind="TEST_NOTED", subject="ticket:5", actor="system", visibility="STAFF",
        data={"n": 5},
    )  # fmt: skip
    beside = "(SELECT xid FROM events WHERE id = 5)"
    for ident, xid in ((-7, beside), (-7, "'1'"), (99, "'99999999999'")):
        added = (
            "INSERT INTO events (id, xid, at, kind, subject, actor, visibility, data, digest,"  # noqa: S608
            f" format) OVERRIDING SYSTEM VALUE SELECT {ident}, {xid}, at, kind, subject, actor,"
            " visibility, data, %s, 1 FROM events WHERE id = 5"
        )
        with intruder(house, servers) as other:
            other.execute(added.encode(), [right])
        assert findings()[0][0].startswith(f"event {ident} (TEST_NOTED of ticket:5) was added")
        with intruder(house, servers) as other:
            other.execute("DELETE FROM events WHERE id IN (-7, 99)")
    assert findings()[0] == []


def test_a_whole_chain_made_anew_is_found_by_a_hash_that_was_shown(
    house: Flask, servers: Servers
) -> None:
    shown = newest_hash()
    assert findings(shown.upper())[0] == []
    with intruder(house, servers) as other:
        other.execute("TRUNCATE seals")
        other.execute("DELETE FROM events WHERE id = 9")
    seal()
    assert findings()[0] == []  # nobody can see it from within
    assert findings(shown)[0] == [f"no seal has the hash {shown}"]
    ran = command(house, "--holds", shown)
    assert ran.exit_code == 1


def test_rows_added_to_an_epoch_that_is_over_are_named(house: Flask, servers: Servers) -> None:
    with transaction():
        sealing.new_epoch(AT)
    note(11)
    seal()
    with intruder(house, servers) as other:
        other.execute(
            b"INSERT INTO events (id, xid, at, kind, subject, actor, visibility, data, digest,"
            b" format) OVERRIDING SYSTEM VALUE SELECT -1, '7777777', at, kind, subject, actor,"
            b" visibility, data, digest, 1 FROM events WHERE id = 5"
        )
    assert findings()[0] == [
        "event -1 (TEST_NOTED of ticket:5) was added: it stands in a time that had passed"
    ]


def test_many_findings_are_counted_and_some_are_shown(house: Flask, servers: Servers) -> None:
    note(*range(11, 61))
    seal()
    with intruder(house, servers) as other:
        other.execute("UPDATE events SET actor = 'user:1'")
    ran = command(house)
    said = ran.stdout.splitlines()
    assert ran.exit_code == 1
    assert len(said) == 22
    assert said[20] == "and 40 more"
    assert "NOT right" in said[21]


def test_content_erased_by_right_is_erased_and_not_altered(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[int, proofs.Content] = {}

    def have(ids: Sequence[int]) -> dict[int, proofs.Content]:
        return {ident: kept[ident] for ident in ids if ident in kept}

    monkeypatch.setattr(proofs, "HELD", {})
    proofs.held(PROVED, "proof", have)
    salt = proofs.salt()
    data = {"proof": proofs.proof(b"Nama saya Siti", salt)}
    with transaction():
        ident = events.append([Entry(PROVED, "ticket:3", "requester", AT, data)])[0]
    kept[ident] = (b"Nama saya Siti", salt)
    seal()
    assert findings()[0] == []
    kept[ident] = (b"Nama saya Budi", salt)
    named = f"the content of event {ident} (TEST_PROVED of ticket:3)"
    assert findings()[0] == [f"{named} is altered"]
    del kept[ident]
    assert findings()[0] == [f"{named} is missing"]
    with transaction():
        events.append([Entry(ERASED, "ticket:3", "user:1", AT, {"event": f"event:{ident}"})])
    wrong, run = findings()
    assert (wrong, run.erased) == ([], 1)
    assert "1 contents erased by right" in command(house).stdout
    kept[ident] = (b"Nama saya Siti", salt)
    assert findings()[0] == [f"{named} is altered"]


def test_verifying_reads_one_moment_while_others_write(house: Flask) -> None:
    run = findings()[1]
    assert (run.seals, run.sealed, run.waiting) == (3, 9, count() - 9)
    level = db.session.execute(text("SHOW transaction_isolation")).scalar_one()
    assert level == "read committed"  # only the verification itself read otherwise
