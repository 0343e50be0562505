"""Patterns in words: what was seen, and how it is judged. Plain, and never an accusation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.i18n import compact_words, gettext, hours_words, ngettext
from helpdesk.models import SightingRow
from helpdesk.rules.patterns import Pattern, Sizes
from helpdesk.rules.waiting import Spent
from helpdesk.wording.labels import metric_words


def pattern_words(pattern: str) -> str:
    return {
        Pattern.PAUSED_NEAR.value: gettext("Time was stopped near the date"),
        Pattern.LOWERED_NEAR.value: gettext("Urgency was lowered near the date"),
        Pattern.CHANGED_NEAR.value: gettext("Kind, topic or place changed near the date"),
        Pattern.MOVED_NEAR.value: gettext("Moved to another queue near the date"),
        Pattern.ENDED_NEAR.value: gettext("Ended without an answer near the date"),
        Pattern.REOPENED_NEAR.value: gettext("Settled near the date, then reopened"),
        Pattern.SETTLED_AGAIN.value: gettext("Settled and reopened again and again"),
        Pattern.AROUND_CLOSING.value: gettext("A short pause over closing time"),
        Pattern.NO_QUESTION.value: gettext("Waits for the citizen without a clear question"),
        Pattern.OVER_BUDGET.value: gettext("Waited for the citizen more than usual"),
    }[pattern]


def judged_words(pattern: str, sizes: Sizes) -> str:
    """The rule, as whoever reads the list may check it."""
    near = hours_words(sizes.near)
    if pattern == Pattern.AROUND_CLOSING:
        return gettext(
            "A pause of under %(span)s of office time over a closing, where days are counted: "
            "that day does not count.",
            span=hours_words(sizes.short),
        )
    if pattern == Pattern.NO_QUESTION:
        return gettext(
            "The message has fewer than %(n)d letters, or neither a question mark nor a word of "
            "asking (please, send, which, when …).",
            n=sizes.letters,
        )
    if pattern == Pattern.OVER_BUDGET:
        return gettext(
            "More than %(span)s of office time in all, or more than %(n)d questions with a wait.",
            span=hours_words(sizes.waiting),
            n=sizes.pauses,
        )
    if pattern == Pattern.SETTLED_AGAIN:
        return gettext("Reopened at least %(n)d times.", n=sizes.settlings)
    return gettext("Done within the last %(span)s of its own time before the date.", span=near)


def evidence_words(row: SightingRow, now: datetime) -> list[str]:
    """What can be seen of it, each a short sentence."""
    said: list[str] = []
    if row.due_at is not None and row.metric and row.left is not None:
        said.append(
            gettext(
                "%(what)s was due %(when)s; %(left)s were left.",
                what=metric_words(row.metric),
                when=compact_words(row.due_at, now),
                left=hours_words(timedelta(seconds=row.left)),
            )
        )
    elif row.metric:
        said.append(gettext("Concerns: %(what)s.", what=metric_words(row.metric)))
    if row.later_at is not None:
        said.append(gettext("The date is now %(when)s.", when=compact_words(row.later_at, now)))
    if row.count is not None:
        said.append(_counted(row.pattern, row.count))
    return said


def _counted(pattern: str, n: int) -> str:
    if pattern == Pattern.NO_QUESTION:
        return ngettext("The message has %(num)d letter.", "The message has %(num)d letters.", n)
    if pattern == Pattern.SETTLED_AGAIN:
        return ngettext("Reopened %(num)d time.", "Reopened %(num)d times.", n)
    return ngettext(
        "%(num)d question with a wait so far.", "%(num)d questions with a wait so far.", n
    )


def budget_fact(spent: Spent, sizes: Sizes) -> dict[str, Any]:
    """How much of a ticket's pause budget is used, as a line of its facts."""
    value = gettext(
        "%(used)s of %(all)s of office time, %(n)d of %(most)d questions",
        used=hours_words(spent.time),
        all=hours_words(sizes.waiting),
        n=spent.times,
        most=sizes.pauses,
    )
    if spent.over(sizes):
        value += ": " + gettext("more than usual")
    return {"label": gettext("Waited for the citizen"), "value": value}
