"""What the rules find wrong with a policy, as a sentence in the reader's language."""

from __future__ import annotations

from core.i18n import gettext
from sla.rules.wrong import InvalidPolicy, Wrong


def words(error: Exception) -> str:
    """A sentence for the administrator; what a step would do is said by the rule itself."""
    why = error.why if isinstance(error, InvalidPolicy) else Wrong.UNREADABLE
    if why is Wrong.DEED:
        return str(error)
    return {
        Wrong.ZERO: gettext("A target must be more than zero."),
        Wrong.WALL_DAYS: gettext("Working days are counted in opening hours only."),
        Wrong.TOO_LONG: gettext("A target of more than ten years is surely a mistake."),
        Wrong.NOT_WHOLE: gettext("Please give a whole number, such as 14."),
        Wrong.UNIT: gettext("Please choose seconds, minutes, hours or working days."),
        Wrong.STEP_NAME: gettext("A step's name is its percentage, or one of the listed words."),
        Wrong.STEP_MOMENTS: gettext("A step has one moment: a share, or before or after due."),
        Wrong.STEP_PERCENT: gettext("A step's share lies between 1 and 100 percent."),
        Wrong.STEP_AMOUNT: gettext("A step's amount of time must be more than zero."),
        Wrong.STEP_TWICE: gettext("Two steps have the same moment."),
        Wrong.NO_MATCH: gettext("The last policy must take all that no other takes."),
        Wrong.UNREADABLE: gettext("The policy cannot be read."),
    }[why]
