"""Contacts at rest, and codes that open a ticket.

Phone numbers and e-mail addresses are encrypted with AES-GCM (the key's id stands in front, so
keys can be changed), and found again by a keyed hash of their one normal form. Tracking codes and
PINs are random, so a keyed hash (HMAC-SHA256 under a key that is not in the database) is enough
and costs microseconds, where a password hash would cap filing at some 50 a second.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Crockford's base32: no I, L, O, U, so it can be read aloud and typed wrongly.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
CODE_LETTERS = 10
PIN_DIGITS = 6
NONCE = 12


@dataclass(frozen=True)
class Vault:
    """The keys of this installation: `contacts` by id (the first encrypts), `lookup` for hashes."""

    contacts: dict[str, bytes]
    lookup: bytes

    def seal(self, words: str, context: str) -> bytes:
        """Encrypt; `context` (such as "ticket.phone") is bound in and must be given to open."""
        key_id, key = next(iter(self.contacts.items()))
        nonce = os.urandom(NONCE)
        body = AESGCM(key).encrypt(nonce, words.encode(), context.encode())
        return key_id.encode("ascii") + b":" + nonce + body

    def open(self, sealed: bytes, context: str) -> str:
        """Decrypt; KeyError for an unknown key id, InvalidTag for anything altered."""
        key_id, rest = sealed.split(b":", 1)
        key = self.contacts[key_id.decode("ascii")]
        return AESGCM(key).decrypt(rest[:NONCE], rest[NONCE:], context.encode()).decode()

    def fingerprint(self, words: str, context: str) -> bytes:
        """A keyed hash for exact look-up: 32 bytes."""
        return hmac.new(self.lookup, f"{context}\0{words}".encode(), hashlib.sha256).digest()

    def same(self, words: str, context: str, expected: bytes) -> bool:
        return hmac.compare_digest(self.fingerprint(words, context), expected)


def normal_code(typed: str) -> str:
    """What a person typed, as it was issued: no spaces or dashes, look-alikes repaired."""
    letters = "".join(c for c in typed.upper() if c.isalnum())
    return letters.translate(LOOKALIKES)


def code_in_groups(code: str) -> str:
    """K7QF2M9X4R as K7QF-2M9X-4R, easier to copy by hand."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def new_token() -> str:
    """A session token: 256 random bits, safe in a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a session token: a plain hash, since the token is random."""
    return hashlib.sha256(token.encode()).digest()
