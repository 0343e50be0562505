"""A timer as it is stored, and as it is after another calendar. Instants are microseconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """A timer as it is stored; `target`, `said` and `plan` in the database's own text of them."""

    id: int
    subject: str
    metric: str
    cycle: int
    policy: int
    calendar: int
    target: str
    said: str
    plan: str
    own: bool  # promised to nobody but the subject's own requester
    start: int
    due: int | None
    promised: int | None
    paused: bool
    stopped: bool
    late: bool
    next: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A timer on its new calendar."""

    kept: Kept
    due: int
    promised: int
    plan: str
    first: int | None  # of its steps
    words: tuple[str, str]  # the date before and this one, as the log says them

    @property
    def next(self) -> int:
        return self.due if self.first is None else min(self.first, self.due)

    @property
    def same(self) -> bool:
        """True if nothing but its calendar is another."""
        was = self.kept
        return (self.due, self.promised, self.plan) == (was.due, was.promised, was.plan)
