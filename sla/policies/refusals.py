"""What the rules find wrong with a policy, as a sentence in the reader's language."""

from __future__ import annotations

from core.i18n import gettext
from sla.rules.deeds import Amiss, InvalidDeed
from sla.rules.wrong import InvalidPolicy, Wrong


def words(error: Exception) -> str:
    """A sentence for the administrator."""
    why = error.why if isinstance(error, InvalidPolicy) else Wrong.UNREADABLE
    if why is Wrong.DEED:
        cause = error.__cause__
        return deed_words(cause.why) if isinstance(cause, InvalidDeed) else str(error)
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


def deed_words(why: Amiss) -> str:
    """What is wrong with something that a step of a ladder does."""
    return {
        Amiss.WHOM: gettext("A step tells the holder, a role, a person or a level."),
        Amiss.NOBODY: gettext("A step that hands a report on must say to whom."),
        Amiss.LEVELS: gettext("There are at most nine levels."),
        Amiss.NUMBER: gettext("Please choose one from the list."),
        Amiss.UNKNOWN: gettext("This is nothing that a step can do."),
        Amiss.NOT_HIGHER: gettext("This level was reached by an earlier step already."),
        Amiss.CIRCLE: gettext("The ladder leads back to where it has been."),
    }[why]
