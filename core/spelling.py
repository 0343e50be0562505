"""How settings with more than one part are written in an environment variable, and read from it."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlsplit

AES_KEY = 32  # bytes
DRIVER = "postgresql+psycopg://"
# What LIMITS may name: floods an hour from one address, wrong guesses in five minutes.
LIMITS = frozenset({"filing", "writing", "login-address", "login-all", "code-address", "code-all"})


def hosts(written: str) -> tuple[str, ...]:
    """ "lapor.kota.example, www.kota.example" as names."""
    return tuple(name.strip() for name in written.split(",") if name.strip())


def limits(written: str) -> dict[str, str]:
    """ "filing=2400,login-all=500" as a mapping; whether they are numbers is checked by the
    settings. ValueError for a name that limits nothing."""
    pairs = (pair.split("=", 1) for pair in written.split(",") if pair.strip())
    found = {pair[0].strip(): pair[-1].strip() for pair in pairs}
    unknown = sorted(set(found) - LIMITS)
    if unknown:
        raise ValueError(f"knows no {unknown[0]}, only {', '.join(sorted(LIMITS))}")
    return found


def keys(written: str) -> dict[str, bytes]:
    """ "id:base64,id:base64" as keys by id. ValueError if one is not a key of 32 bytes."""
    try:
        pairs = [pair.strip().split(":", 1) for pair in written.split(",")]
        found = {pair[0]: base64.b64decode(pair[1], validate=True) for pair in pairs}
    except (binascii.Error, IndexError):
        found = {}
    if not found or any(len(key) != AES_KEY for key in found.values()):
        raise ValueError("must be id:key pairs, each key 32 bytes in base64")
    return found


def database(written: str) -> str:
    """SQLAlchemy wants the driver's name in front; people and hosters leave it out."""
    for short in ("postgres://", "postgresql://"):
        if written.startswith(short):
            return DRIVER + written.removeprefix(short)
    if not written.startswith(DRIVER):
        raise ValueError("must begin with postgresql://")
    return written


def role(address: str) -> str | None:
    """Whom a database's address names."""
    return urlsplit(address).username
