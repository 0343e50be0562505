"""People with real browsers' manners against a running system: HTTP, cookies and real sockets."""

from __future__ import annotations

import re
import secrets
import threading
from typing import Any

import requests
import socketio
import websocket
from sqlalchemy import select, text

from accounts.rules.access import Role
from core.database import transaction
from helpdesk.models import Queue, Ticket
from tests.faults.office import Inside
from tests.faults.whole import Whole, until
from tests.journeys.pages import PASSWORD, person


class House:
    """The running system, and a way to look (and meddle) behind its back."""

    def __init__(self, system: Whole) -> None:
        self.system, self.inside = system, Inside(system)
        self.host = f"127.0.0.1:{system.port}"
        self.address = f"http://{self.host}"

    def sql(self, statement: str, **values: Any) -> Any:
        """Change or ask the database without a word to anyone."""
        with self.inside.look(), transaction() as session:
            result = session.execute(text(statement), values)
            return result.scalars().all() if result.returns_rows else None

    def queue(self, key: str) -> int:
        with self.inside.look(), transaction() as session:
            return int(session.scalars(select(Queue.id).filter_by(key=key)).one())

    def ticket(self, number: str) -> tuple[int, int]:
        """A ticket's id and its queue's."""
        with self.inside.look(), transaction() as session:
            found = session.scalars(select(Ticket).filter_by(number=number)).one()
            return found.id, found.queue_id

    def staff(self, role: Role, *queues: str) -> Visitor:
        """Somebody new of the office, signed in."""
        email = f"{secrets.token_hex(5)}@kota.example"
        with self.inside.look():
            user_id = person("Orang Kantor", email, role, *queues)
        visitor = Visitor(self, email, user_id)
        answer = visitor.send("/masuk", "/masuk", email=email, password=PASSWORD)
        assert answer.status_code in (302, 303), answer.text
        return visitor

    def citizen(self) -> Visitor:
        """Somebody who has just filed a report and sees its page."""
        visitor = Visitor(self)
        fields = {"klass": "COMPLAINT", "text": "Belum ada kabar."}
        assert visitor.send("/lapor", "/lapor", **fields).status_code == 303
        found = re.search(r"T-\d{4}-\d{6}", visitor.get("/lapor/terkirim"))
        assert found is not None
        visitor.number = found.group(0)
        visitor.ticket_id, visitor.queue_id = self.ticket(visitor.number)
        return visitor


class Visitor:
    """One browser with its cookies."""

    number = ""
    ticket_id = queue_id = 0

    def __init__(self, house: House, email: str = "", user_id: int = 0) -> None:
        self.house, self.email, self.user_id = house, email, user_id
        self.browser = requests.Session()

    def get(self, path: str) -> str:
        return self.browser.get(self.house.address + path, timeout=30).text

    def send(self, page: str, path: str, **fields: Any) -> requests.Response:
        """Fill the form on `page` and send it to `path`."""
        hidden = dict(re.findall(r'name="(csrf_token|key)" value="([^"]*)"', self.get(page)))
        return self.browser.post(
            self.house.address + path,
            data={**hidden, **fields},
            timeout=30,
            allow_redirects=False,
        )

    def act(self, number: str, act: str, **fields: Any) -> None:
        """An act at the desk, as its form stands on the ticket's page."""
        page = f"/laporan/{number}"
        answer = self.send(page, f"{page}/{act}", **fields)
        assert answer.status_code == 303, answer.text

    @property
    def cookies(self) -> str:
        return "; ".join(f"{c.name}={c.value}" for c in self.browser.cookies)

    def screen(self) -> Screen:
        return Screen(self)

    def line(self, **more: Any) -> websocket.WebSocket:
        """A bare websocket with this browser's cookies."""
        address = f"ws://{self.house.host}/socket.io/?EIO=4&transport=websocket"
        more.setdefault("origin", self.house.address)
        return websocket.create_connection(address, timeout=30, cookie=self.cookies, **more)


class Screen:
    """A page's socket: joins rooms, keeps the hints it hears, knows when it was closed."""

    def __init__(self, visitor: Visitor) -> None:
        self.hints: list[str] = []
        self.sent_out: list[str] = []
        self.closed = threading.Event()
        self.client = socketio.Client(reconnection=False)
        self.client.on("hint", lambda said: self.hints.append(f"{said['topic']} {said['ref']}"))
        self.client.on("rejoin", lambda said: self.sent_out.append(said["room"]))
        self.client.on("disconnect", lambda *_: self.closed.set())
        self.client.connect(
            visitor.house.address,
            headers={"Cookie": visitor.cookies},
            transports=["websocket"],
            wait_timeout=30,
        )

    def join(self, room: object) -> str:
        """ "joined", or why not."""
        answer = self.client.call("join", {"room": room}, timeout=30)
        return "joined" if "joined" in answer else str(answer["refused"])

    def hears(self, hint: str) -> None:
        until(lambda: hint in self.hints, f"the hint {hint}")

    def is_closed(self) -> None:
        until(self.closed.is_set, "the end of the socket")

    def leave(self) -> None:
        self.client.disconnect()
