"""Is the wall clock to be believed? Watched beside the monotonic one, which cannot be set."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

JUMP = 5.0  # seconds
CALM = 60.0


@dataclass(frozen=True, slots=True)
class Jump:
    """One jump. `number` is random, so that a confirmation is of this one and no other."""

    number: int
    seconds: float  # forwards; less than nothing: backwards
    at: float  # monotonic


@dataclass(slots=True)
class ClockWatch:
    """Notices when the wall clock and the monotonic one disagree by more than 5 s.

    After a jump nothing is claimed until they have agreed for 60 s or an operator confirms the
    clock: a breach that a wrong clock invented could never be taken back.
    """

    offset: float | None = None
    jump: Jump | None = None

    def fits(self, wall: float, monotonic: float) -> bool:
        """True if sweeping is safe; both in seconds."""
        offset = wall - monotonic
        if self.offset is None:
            self.offset = offset
        elif abs(offset - self.offset) > JUMP:
            self.jump = Jump(secrets.randbits(62), offset - self.offset, monotonic)
            self.offset = offset
        if self.jump is not None and monotonic - self.jump.at >= CALM:
            self.jump = None
        return self.jump is None

    def confirm(self, number: int | None) -> bool:
        """An operator says that the clock is right; True if that was about the last jump."""
        if self.jump is None or self.jump.number != number:
            return False
        self.jump = None
        return True
