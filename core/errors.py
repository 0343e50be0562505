"""Domain errors: what went wrong, in a sentence for people.

Use cases raise these; core.http turns them into a page or a problem document in one place.
"""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """Something a person can understand and act on. `str(error)` is a whole sentence."""

    status = 400
    title = "Bad request"

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.title)


class Invalid(DomainError):
    """What was sent cannot be accepted; `fields` maps a field's name to its sentence."""

    status = 422
    title = "Please check what you filled in"

    def __init__(self, sentence: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})


class NotFound(DomainError):
    """It is not there, or it is not yours: the two look alike on purpose."""

    status = 404
    title = "Not found"


class NotAllowed(DomainError):
    """It is there, you can see it, and you may not do this to it."""

    status = 403
    title = "Not allowed"


class NotSignedIn(DomainError):
    """An office page was asked for without a session."""

    status = 401
    title = "Please sign in"


class Conflict(DomainError):
    """Somebody was faster; nothing was lost, look again and decide."""

    status = 409
    title = "Somebody was faster"


class IllegalMove(Conflict):
    """The lifecycle table has no such move from where the ticket stands now."""


class TooMany(DomainError):
    """A limit was reached; `wait` is in seconds."""

    status = 429
    title = "Too many attempts"

    def __init__(self, sentence: str = "", wait: int = 60) -> None:
        super().__init__(sentence)
        self.wait = wait


class Unavailable(DomainError):
    """A part of the house is away; nothing was lost, try again soon."""

    status = 503
    title = "Out of service for a moment"
