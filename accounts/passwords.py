"""Passwords as Argon2id hashes, worked out where they stall nobody else.

A hash takes some 25 ms of CPU, which in gevent's loop would hold up every other request; so it
runs in a small pool of real threads there, which also bounds the memory (19 MiB each), and never
with a database connection in hand (see core.threads).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from accounts.rules.password import LEAST, MOST, Weakness, normal, weakness
from core.errors import Invalid
from core.i18n import gettext
from core.threads import aside

# OWASP's password storage sheet: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """The Argon2id hash of a password. Raises RuntimeError in an open transaction."""
    return aside("passwords", lambda: _hasher.hash(normal(password)))


@lru_cache(maxsize=1)
def nobody() -> str:
    """A hash to check against where there is no account, so both answers take as long."""
    return hashed("nobody at all has this one")


def fits(password: str, password_hash: str | None) -> bool:
    """True if the password belongs to the hash; with None all the work is done for False.

    Raises RuntimeError in an open transaction.
    """
    typed = normal(password)[: MOST + 1]
    stored = password_hash or nobody()

    def work() -> bool:
        try:
            return _hasher.verify(stored, typed)
        except (VerificationError, InvalidHashError):
            return False

    return aside("passwords", work) and password_hash is not None


def ages(password_hash: str) -> bool:
    """True if the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(password_hash)


def require_good(password: str, about: Iterable[str] = ()) -> None:
    """Raises Invalid with the field "password" if the password is too easy to guess."""
    found = weakness(normal(password), about)
    if found is not None:
        sentence = _sentences()[found]
        raise Invalid(sentence, fields={"password": sentence})


def _sentences() -> dict[Weakness, str]:
    return {
        Weakness.SHORT: gettext(
            "Please choose a password of at least %(least)d characters; "
            "a few words in a row are easy to remember.",
            least=LEAST,
        ),
        Weakness.LONG: gettext("Please choose at most %(most)d characters.", most=MOST),
        Weakness.FORESEEABLE: gettext(
            "This password is easy to guess. Please choose words that have nothing to do with "
            "your name, the office or the order of the keys."
        ),
    }
