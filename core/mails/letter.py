"""A mail put into words, and how it is written for the post: headers, plain text and HTML.

Nothing that a stranger typed reaches a header unchecked: the address is parsed into its parts and
the subject is one line, so neither can begin another header.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime


class Unaddressable(ValueError):
    """No mail can be written to this address."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in words. `thread` is the ref that it is about: mails of one ref stand together."""

    to: str
    subject: str
    text: str
    html: str
    language: str
    thread: str


def message_id(name: str, domain: str) -> str:
    """The same name gives the same id, so a mail that had to be sent twice is shown once."""
    return f"<{name.replace(':', '-')}@{domain}>"


def write(letter: Letter, *, name: str, sender: str, domain: str, at: datetime) -> EmailMessage:
    """The mail as it is sent; `at` is when it was ordered, however late it leaves.

    Raises Unaddressable.
    """
    mail = EmailMessage()
    mail["Message-ID"] = message_id(name, domain)
    mail["References"] = message_id(letter.thread, domain)
    mail["Date"] = format_datetime(at)
    mail["From"] = sender
    mail["To"] = _address(letter.to)
    mail["Subject"] = " ".join(letter.subject.split())
    # Nobody's holiday notice shall answer a machine (RFC 3834, and Exchange's own word for it).
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    # Quoted-printable passes every server, and no line gets too long.
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = letter.language  # last: it would go with the first part
    return mail


def _address(typed: str) -> Address:
    local, _, host = typed.rpartition("@")
    try:
        found = Address(username=local, domain=host)
        # Written and read back as mail programs do: it must be this one mailbox and nothing else.
        check = EmailMessage(policy=SMTPUTF8)
        check["To"] = found
        (read,) = message_from_bytes(bytes(check), policy=SMTPUTF8)["To"].addresses
    except Exception as error:  # on odd input the parser trips over its own feet, in many ways
        raise Unaddressable(typed) from error
    if not local or not host or (read.username, read.domain) != (local, host):
        raise Unaddressable(typed)
    return found
