"""When a step of a ladder comes, in words, from its name: 75, b30m, a8h."""

from __future__ import annotations

import re

from core.i18n import gettext, ngettext

_AMOUNT = re.compile(r"([ab])([0-9]{1,7})([smh])", re.ASCII)


def step_words(name: str) -> str:
    """ "75 % of the time used", "30 minutes before due", "8 hours after due"."""
    if name.isdecimal():
        return gettext("%(percent)s%% of the time is used", percent=name)
    found = _AMOUNT.fullmatch(name)
    if found is not None:
        side, n, unit = found.groups()
        return side_words(side, amount_words(int(n), unit))
    return {
        "before": gettext("shortly before due"),
        "half": gettext("half of the time is used"),
        "soon": gettext("soon due"),
        "due": gettext("due now"),
    }.get(name, gettext("past due"))


def side_words(side: str, amount: str) -> str:
    """An amount before ("b") or after ("a") due."""
    if side == "b":
        return gettext("%(amount)s before due", amount=amount)
    return gettext("%(amount)s after due", amount=amount)


def amount_words(n: int, unit: str) -> str:
    """`unit`: s, m or h."""
    return {
        "s": lambda: ngettext("%(num)d second", "%(num)d seconds", n),
        "m": lambda: ngettext("%(num)d minute", "%(num)d minutes", n),
        "h": lambda: ngettext("%(num)d hour", "%(num)d hours", n),
    }[unit]()
