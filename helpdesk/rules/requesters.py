"""Who brings a report, as far as the report itself says; plain values in, a word out."""

from enum import StrEnum


class RequesterKind(StrEnum):
    """Settled when it is filed. Accounts of citizens get a word of their own when there are any."""

    GUEST = "GUEST"  # by themselves, with a name or a way to reach them
    ANONYMOUS = "ANONYMOUS"  # by themselves, with neither: the code is all they have
    ON_BEHALF = "ON_BEHALF"  # taken down by the office, at the counter or on the telephone
    UNKNOWN = "UNKNOWN"  # brought in from a file that does not tell


TAKEN_DOWN = frozenset({"COUNTER", "PHONE"})


def requester_kind(channel: str, *, named: bool, reachable: bool) -> RequesterKind:
    """Who brought a report that came by this channel."""
    if channel == "IMPORT":
        return RequesterKind.UNKNOWN
    if channel in TAKEN_DOWN:
        return RequesterKind.ON_BEHALF
    return RequesterKind.GUEST if named or reachable else RequesterKind.ANONYMOUS
