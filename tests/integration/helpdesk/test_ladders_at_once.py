"""Two administrators save ladders of one policy at once: one version, and the other is told."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import prepare
from accounts.rules.access import Role
from core.database import db
from helpdesk.web import ladders
from sla.models import PolicyVersion
from sla.policies import order
from tests.integration.helpdesk.desk import Desk

BASE = "/pengaturan/aturan/ordinary/tangga"


def test_the_second_of_two_savers_overwrites_nothing(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        desks = [Desk(committed_app, name, Role.ADMIN) for name in ("Agus", "Budi")]
        was = order.find("ordinary").version
        db.session.remove()
    start, publish = threading.Barrier(2, timeout=20), ladders._publish
    said: list[int] = []

    def both_have_looked(*args: Any) -> None:
        start.wait()
        publish(*args)

    monkeypatch.setattr(ladders, "_publish", both_have_looked)

    def save(desk: Desk, metric: str) -> None:
        data = {
            "csrf_token": desk.token, "do": "save", "version": was, "steps": 1,
            "s0-n": "60", "s0-when": "percent", "s0-do": "raise",
        }  # fmt: skip
        said.append(desk.client.post(f"{BASE}/{metric}", data=data).status_code)

    metrics = ("RESOLUTION", "UPDATE")
    threads = [threading.Thread(target=save, args=one) for one in zip(desks, metrics, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed_app.app_context():
        made = select(func.max(PolicyVersion.version)).where(PolicyVersion.key == "ordinary")
        assert (sorted(said), db.session.scalar(made)) == ([303, 422], was + 1)
