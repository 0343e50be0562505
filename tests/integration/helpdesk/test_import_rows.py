"""Rows of another system are read one by one; broken ones are named and stop nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from core.database import db, transaction
from core.errors import Invalid
from helpdesk import changes
from helpdesk.imports import foreign, importing, mapping
from helpdesk.models import Category, Queue, Ticket
from helpdesk.rules.vocabulary import Priority
from sla.models import PolicyVersion, TimerRow
from tests.integration.helpdesk.boston import BOSTON, MAPPING, SLICE, bring_in, written

pytestmark = pytest.mark.usefixtures("office")


def test_broken_rows_are_named_and_stop_nothing(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "1,2015-01-05 10:00:00,2015-01-06 10:00:00,2015-01-05 12:00:00,Good,ONTIME,Closed,,",
        "2,gestern,,,No time,,,,",
        ",2015-01-05 10:00:00,,,No id,,,,",
        "4,2015-01-05 10:00:00,,2015-01-04 10:00:00,Before,,,,",
        "5,9999-01-05 10:00:00,,,Far,,,,",
        "6,2015-01-05 10:00:00,too,many,columns,here,now,and,then,some",
        "7,2015-01-05 10:00:00,,,A NUL \0 in it,,,,",
        "1,2015-01-05 10:00:00,,,Twice,,,,",
        "9,2015-01-05 10:00:00,,,Closed when,,Closed,,",
        "10,2015-01-05 10:00:00,,2015-01-06 10:00:00,Open though,,Open,,",
        "11,2015-01-05 10:00:00,,,Lost,,Vanished,,",
        "12,2099-01-05 10:00:00,,,To come,,,,",
        f"13,2015-01-05 10:00:00,,,{'long ' * 40_000},,,,",
        "",
        "14,2015-01-05 10:00:00,,,Good too,,,,",
    )
    done = bring_in(path)
    assert done.added == 2
    assert [(b.line, b.reason) for b in done.broken] == [
        (3, "has a time that cannot be read: gestern"),
        (4, "has no usable id"),
        (5, "was closed before it was opened"),
        (6, "has a time far away: 9999-01-05 10:00:00"),
        (7, "has 10 columns instead of 9"),
        (8, "has a NUL byte in it"),
        (9, "has an id that stood in an earlier row"),
        (10, "is closed but has no closing time"),
        (11, "is open but has a closing time"),
        (12, "has a status that the mapping does not name: Vanished"),
        (13, "tells of something after now"),
        (14, "cannot be read: field larger than field limit (131072)"),
    ]
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 2


def test_clocks_that_differ_by_seconds_close_a_case_when_it_opens(tmp_path: Path) -> None:
    path = written(
        tmp_path, "1,2015-07-09 14:51:24,2015-10-07 14:50:52,2015-07-09 14:51:12,,ONTIME,Closed,,"
    )
    assert bring_in(path).broken == []
    ticket = db.session.scalars(select(Ticket)).one()
    assert ticket.resolved_at == ticket.filed_at


def test_local_times_are_instants_and_the_first_of_two_where_clocks_go_back(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "1,2015-11-01 01:30:00,,,,,,,", "2,2015-01-05 10:00:00,,,,,,,")
    bring_in(path)
    filed = db.session.scalars(select(Ticket.filed_at).order_by(Ticket.external_id)).all()
    assert filed == [
        datetime(2015, 11, 1, 5, 30, tzinfo=UTC),
        datetime(2015, 1, 5, 15, 0, tzinfo=UTC),
    ]


def test_words_of_the_file_choose_category_and_queue(tmp_path: Path) -> None:
    bring_in(
        written(
            tmp_path,
            "1,2015-01-05 10:00:00,,,,,,Building,INFO",
            "2,2015-01-05 10:00:00,,,,,,Unheard of,Nobody",
        )
    )
    landed = db.session.execute(
        select(Queue.key, Category.key)
        .select_from(Ticket)
        .join(Queue, Ticket.queue_id == Queue.id)
        .outerjoin(Category, Ticket.category_id == Category.id)
        .order_by(Ticket.external_id)
    )
    assert landed.all() == [("informasi", "tanpa-izin"), ("pengaduan", None)]


def test_a_row_falls_under_the_policy_in_force_when_it_was_opened(
    office: Session, tmp_path: Path
) -> None:
    first = office.scalars(select(PolicyVersion).where(PolicyVersion.key == "imported")).one()
    with transaction() as session:
        session.execute(
            insert(PolicyVersion).values(
                key="imported",
                version=2,
                position=first.position,
                name=first.name,
                valid_from=datetime(2016, 1, 1, tzinfo=UTC),
                calendar_key=first.calendar_key,
                conditions=first.conditions,
                targets={"RESOLUTION": {"n": 3, "unit": "days"}},
            )
        )
    path = written(
        tmp_path,
        "1,1975-01-06 10:00:00,,,Older than every policy,,,,",
        "2,2015-12-31 10:00:00,,,Under the first,,,,",
        "3,2016-01-04 10:00:00,,,Under the second,,,,",
    )
    assert bring_in(path).broken == []
    found = office.execute(
        select(PolicyVersion.version)
        .join(TimerRow, TimerRow.policy_id == PolicyVersion.id)
        .join(Ticket, TimerRow.subject == func.concat("ticket:", Ticket.id))
        .order_by(Ticket.external_id)
    )
    assert found.scalars().all() == [1, 1, 2]
    oldest = office.scalars(select(Ticket).order_by(Ticket.external_id)).first()
    assert oldest is not None
    with transaction():
        changes.set_priority(oldest.id, Priority.HIGH, "user:1")
    changed = office.scalars(select(TimerRow).where(TimerRow.subject == f"ticket:{oldest.id}"))
    assert [row.policy_id for row in changed] == [first.id]


def test_a_file_without_the_named_columns_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(Invalid, match="no column named"):
        bring_in(path)


def test_a_torn_archive_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "torn.csv.gz"
    whole = SLICE.read_bytes()
    path.write_bytes(whole[:20_000])
    with pytest.raises(Invalid, match="cannot be read any further"):
        bring_in(path)
    path.write_bytes(whole[:20_000] + b"\xff" * 2_000)
    with pytest.raises(Invalid, match="cannot be read any further"):
        bring_in(path)


def test_a_mapping_that_names_an_unknown_queue_or_setting_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "1,2015-01-05 10:00:00,,,,,,,")
    elsewhere = BOSTON.model_copy(update={"departments": {"ISD": "nowhere"}})
    with pytest.raises(Invalid, match="no queue with the key nowhere"):
        importing.bring_in(foreign.rows(path, elsewhere), elsewhere, lambda done: None)
    file = tmp_path / "map.toml"
    shipped = MAPPING.read_text()
    for wrong in (shipped.replace("slack_", "slakc_"), shipped.replace("America/", "Lost/"), "="):
        file.write_text(wrong)
        with pytest.raises(Invalid, match="mapping file"):
            mapping.load(file)
