"""Domain errors: what went wrong, in a sentence for people.

Use cases raise these; core.pages.http turns them into a page or a problem document in one place.
"""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """Something a person can understand and act on. `str(error)` is a whole sentence, or nothing
    where the status's own says enough."""

    status = 400

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)


class Invalid(DomainError):
    """What was sent cannot be accepted; `fields` maps a field's name to its sentence."""

    status = 422

    def __init__(self, sentence: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})


class NotFound(DomainError):
    """It is not there, or it is not yours: the two look alike on purpose."""

    status = 404


class NotAllowed(DomainError):
    """It is there, you can see it, and you may not do this to it."""

    status = 403


class NotSignedIn(DomainError):
    """An office page was asked for without a session."""

    status = 401


class Conflict(DomainError):
    """Somebody was faster; nothing was lost, look again and decide."""

    status = 409


class IllegalMove(Conflict):
    """The lifecycle table has no such move from where the ticket stands now."""


class TooMany(DomainError):
    """A limit was reached; `wait` is in seconds."""

    status = 429

    def __init__(self, sentence: str = "", wait: int = 60) -> None:
        super().__init__(sentence)
        self.wait = wait


class Unavailable(DomainError):
    """A part of the house is away; nothing was lost, try again soon."""

    status = 503
