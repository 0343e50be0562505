"""What the citizen keeps: number, tracking code and PIN."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass

from core.secrets import ALPHABET, CODE_LETTERS, PIN_DIGITS
from helpdesk.contacts import vault


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the citizen keeps; `again` says that the same key had been filed before."""

    ticket_id: int
    number: str
    code: str
    pin: str
    again: bool = False

    def seal(self) -> bytes:
        return vault().seal(json.dumps(asdict(self)), "receipt")

    @classmethod
    def open(cls, body: bytes) -> Receipt:
        return cls(**json.loads(vault().open(body, "receipt")))


def code_and_pin(key: str) -> tuple[str, str]:
    """The tracking code and PIN of a filing's key."""
    stream = hmac.new(vault().lookup, b"receipt\0" + key.encode(), hashlib.sha256).digest()
    bits = int.from_bytes(stream[:8], "big")
    code = "".join(ALPHABET[(bits >> (5 * i)) & 31] for i in range(CODE_LETTERS))
    pin = int.from_bytes(stream[8:24], "big") % 10**PIN_DIGITS
    return code, f"{pin:0{PIN_DIGITS}d}"
