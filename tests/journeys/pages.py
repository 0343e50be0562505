"""A visitor of the site: loads pages, fills forms as they stand there, and sends them."""

from __future__ import annotations

import io
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.joining import create_user, newcomer
from accounts.rules.access import Role
from core.database import db, transaction
from helpdesk.models import Member, Queue

PASSWORD = "kuda benar baterai jepit"


class Visitor:
    """One browser with its cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def hidden(self, path: str) -> dict[str, str]:
        """Token and key of the first form with both that the page shows."""
        page = self.get(path).text
        found = {}
        for name in ("csrf_token", "key"):
            match = re.search(rf'name="{name}" value="([^"]*)"', page)
            if match:
                found[name] = match.group(1)
        return found

    def send(self, page: str, path: str, **fields: Any) -> TestResponse:
        """Fill the form on `page` and send it to `path`."""
        data: dict[str, Any] = {**self.hidden(page), **fields}
        return self.client.post(path, data=data, content_type="multipart/form-data")

    def report(self, text: str = "Izin saya belum terbit.", **more: Any) -> TestResponse:
        return self.send("/lapor", "/lapor", **{"klass": "COMPLAINT", "text": text, **more})

    def code_and_pin(self) -> tuple[str, str]:
        page = self.get("/lapor/terkirim").text
        code, pin = re.findall(r'<dd class="code">([^<]+)</dd>', page)[:2]
        return code, pin

    def come_back(self, code: str, pin: str) -> None:
        """Open the report again with code and PIN, on a later day."""
        assert self.send("/lacak", "/lacak", code=code, pin=pin).status_code == 303

    def number(self) -> str:
        found = re.search(r"T-\d{4}-\d{6}", self.get("/lapor/terkirim").text)
        assert found is not None
        return found.group(0)

    def sign_in(self, email: str) -> None:
        answer = self.send("/masuk", "/masuk", email=email, password=PASSWORD)
        assert answer.status_code in (302, 303), answer.text


def person(name: str, email: str, role: Role, *queues: str) -> int:
    """Somebody of the office who works on these queues."""
    # What visitors sent meanwhile lies inside the savepoint that the test's own session has open.
    db.session.commit()
    who = newcomer(name=name, email=email, password=PASSWORD)
    with transaction() as session:
        user = create_user(who, roles=[role])
        for key in queues:
            queue_id = session.query(Queue.id).filter_by(key=key).scalar()
            db.session.add(Member(queue_id=queue_id, user_id=user.id))
        return int(user.id)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **more: Any) -> io.BytesIO:
    """A small real picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    out.seek(0)
    return out
