"""Ticket numbers go on past a million, at filing as at import."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

import prepare
from core.database import db
from tests.integration.helpdesk.desk import report


def test_the_millionth_report_of_a_sequence_gets_a_longer_number(committed_app: Flask) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        db.session.execute(
            text("SELECT count(nextval('ticket_numbers')) FROM generate_series(1, 999998)")
        )
        db.session.rollback()
        numbers = [report().number.split("-")[2] for _ in range(3)]
    assert numbers == ["999999", "1000000", "1000001"]
