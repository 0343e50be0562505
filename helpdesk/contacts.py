"""Phone numbers and e-mail addresses: checked, brought to one form, sealed."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from flask import current_app

from core.errors import Invalid
from core.i18n import gettext
from core.secrets import Vault

# RFC 5322's dot-atom, with letters of all scripts as in RFC 6531: no sign of it has a meaning in a
# mail's header, so the address that is written to is the one that was typed.
ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
HOST = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){ATOM}(?:\.{ATOM})*@{HOST}")


def vault() -> Vault:
    found: Vault = current_app.extensions["vault"]
    return found


@dataclass(frozen=True, slots=True)
class Contacts:
    """What a citizen left, as columns of a ticket."""

    phone: bytes | None = None
    phone_key: bytes | None = None
    email: bytes | None = None
    email_key: bytes | None = None


def normal_phone(typed: str) -> str | None:
    """E.164, or None for an empty field. Raises Invalid; numbers without a country are ours."""
    if not typed.strip():
        return None
    try:
        number = phonenumbers.parse(typed, "ID")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid(
            fields={
                "phone": gettext(
                    "This is not a complete phone number. Write it like 0812 3456 7890."
                )
            }
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_email(typed: str) -> str | None:
    """In small letters, or None for an empty field. Raises Invalid."""
    words = typed.strip()
    if not words:
        return None
    if len(words) > 254 or not EMAIL.fullmatch(words):
        raise Invalid(
            fields={"email": gettext("This is not a complete e-mail address (name@example.com).")}
        )
    return words.lower()


def sealed(phone: str | None, email: str | None) -> Contacts:
    """Encrypt what is there, with a keyed hash beside it for exact look-up."""
    keys = vault()
    return Contacts(
        phone=keys.seal(phone, "ticket.phone") if phone else None,
        phone_key=keys.fingerprint(phone, "phone") if phone else None,
        email=keys.seal(email, "ticket.email") if email else None,
        email_key=keys.fingerprint(email, "email") if email else None,
    )
