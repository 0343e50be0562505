"""Mail leaves the house here: by SMTP, or in development into a folder that anyone may read.

A mail is a row first (see core.mailbox), so it is sent at least once with a stable Message-ID, and
what cannot be known is said: a connection that broke after the body was sent is "unknown".
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit


class Postman(Protocol):
    def send(self, mail: EmailMessage) -> None:
        """Hand a mail over; raises OSError or smtplib.SMTPException if that failed."""
        ...


@dataclass(frozen=True)
class FolderPostman:
    """The local stand-in: one .eml file a mail."""

    folder: Path

    def send(self, mail: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(mail["Message-ID"]).strip("<>").replace("/", "_").split("@")[0]
        target = self.folder / f"{name}.eml"
        part = target.with_suffix(".part")
        part.write_bytes(bytes(mail))
        part.replace(target)


@dataclass(frozen=True)
class SmtpPostman:
    """smtp://user:password@host:port, or smtps:// for TLS from the start."""

    url: str
    timeout: float = 10.0

    def send(self, mail: EmailMessage) -> None:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "localhost", parts.port
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port or 465, timeout=self.timeout, context=context
            )
        else:
            server = smtplib.SMTP(host, port or 25, timeout=self.timeout)
        with server:
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)


def postman(smtp_url: str | None, folder: Path) -> Postman:
    """SMTP where it is configured, else the folder."""
    return SmtpPostman(smtp_url) if smtp_url else FolderPostman(folder)
