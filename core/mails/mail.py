"""Mail leaves the house here: by SMTP, or in development into a folder that anyone may read.

A postman says how it ended: taken, refused for good (`Refused`), or not now (`NotNow`, and `Away`
if that is the server's matter and not this mail's).
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

HERE = ("localhost", "127.0.0.1", "::1")


class Refused(Exception):
    """The server will never take this mail; `str(error)` is its code, such as "550"."""


class NotNow(Exception):
    """Try again later; `str(error)` is the server's code, or a word of ours in capitals."""


class Away(NotNow):
    """The server is not there, or does not let us in: other mails would fare no better."""


class Postman(Protocol):
    def send(self, mail: EmailMessage) -> None:
        """Hand a mail over. Raises Refused, NotNow or Away."""
        ...


@dataclass(frozen=True)
class FolderPostman:
    """The local stand-in: one .eml file a mail; the same mail again is the same file."""

    folder: Path

    def send(self, mail: EmailMessage) -> None:
        name = str(mail["Message-ID"]).strip("<>").replace("/", "_").split("@")[0]
        target = self.folder / f"{name}.eml"
        part = target.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(bytes(mail))
            part.replace(target)
        except OSError as error:
            raise Away("FOLDER") from error


@dataclass(frozen=True)
class SmtpPostman:
    """smtp://user:password@host:port, or smtps:// for TLS from the start.

    STARTTLS is used where it is offered, and a password is only ever said inside TLS or to this
    machine itself. Certificates are checked against the system's (or SSL_CERT_FILE).
    """

    url: str
    timeout: float = 5.0  # seconds, of each step

    def send(self, mail: EmailMessage) -> None:
        try:
            server = self._enter()
        except smtplib.SMTPResponseException as error:
            raise Away(str(error.smtp_code)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Away("AWAY") from error
        try:
            self._hand_over(server, mail)
        finally:
            _leave(server)

    def _enter(self) -> smtplib.SMTP:
        """A connection that is secured and signed in as the address says."""
        parts = urlsplit(self.url)
        host, context = parts.hostname or "localhost", ssl.create_default_context()
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=self.timeout, context=context
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=self.timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
            if parts.username:
                if not isinstance(server.sock, ssl.SSLSocket) and host not in HERE:
                    raise smtplib.SMTPNotSupportedError("no TLS, so the password is not said")
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _hand_over(self, server: smtplib.SMTP, mail: EmailMessage) -> None:
        try:
            server.send_message(mail, to_addrs=[a.addr_spec for a in mail["To"].addresses])
        except smtplib.SMTPRecipientsRefused as error:
            raise _of_this_mail(min(code for code, _ in error.recipients.values())) from error
        except smtplib.SMTPDataError as error:
            raise _of_this_mail(error.smtp_code) from error
        except smtplib.SMTPNotSupportedError as error:  # an address that this server cannot say
            raise Refused("SMTPUTF8") from error
        except smtplib.SMTPServerDisconnected as error:
            raise NotNow("HUNG_UP") from error
        except smtplib.SMTPResponseException as error:  # our own address, or our manners
            raise Away(str(error.smtp_code)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow("BROKE_OFF") from error


def _of_this_mail(code: int) -> Exception:
    """5xx is for good; 4xx (greylisting, a full mailbox) is tried again."""
    return Refused(str(code)) if code >= 500 else NotNow(str(code))


def _leave(server: smtplib.SMTP) -> None:
    """What was taken stays taken, however the farewell goes."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def postman(smtp_url: str | None, folder: Path) -> Postman:
    """SMTP where it is configured, else the folder."""
    return SmtpPostman(smtp_url) if smtp_url else FolderPostman(folder)
