"""What is wrong with a policy that cannot be promised: a word for pages, a sentence for logs."""

from __future__ import annotations

from enum import StrEnum


class Wrong(StrEnum):
    """By these pages say it in the reader's language (sla.policies.refusals)."""

    ZERO = "zero"
    WALL_DAYS = "wall_days"
    TOO_LONG = "too_long"
    NOT_WHOLE = "not_whole"
    UNIT = "unit"
    STEP_NAME = "step_name"
    STEP_MOMENTS = "step_moments"
    STEP_PERCENT = "step_percent"
    STEP_AMOUNT = "step_amount"
    STEP_TWICE = "step_twice"
    DEED = "deed"
    NO_MATCH = "no_match"
    UNREADABLE = "unreadable"


SENTENCES = {
    Wrong.ZERO: "A target must be more than zero.",
    Wrong.WALL_DAYS: "Working days are counted on the office's calendar only.",
    Wrong.TOO_LONG: "A target of more than ten years is surely a mistake.",
    Wrong.NOT_WHOLE: "A target must be a whole number.",
    Wrong.UNIT: "A target is in seconds, minutes, hours or days.",
    Wrong.STEP_NAME: "A step's name is its percentage, or one of the listed words.",
    Wrong.STEP_MOMENTS: "A step has one moment: a percentage, or before, or after due.",
    Wrong.STEP_PERCENT: "A step's percentage lies between 1 and 100.",
    Wrong.STEP_AMOUNT: "A step's amount of time must be more than zero.",
    Wrong.STEP_TWICE: "Two steps of a ladder have the same moment.",
    Wrong.DEED: "A step does something that cannot be done.",
    Wrong.NO_MATCH: "No policy matches, and there must always be a last one that does.",
    Wrong.UNREADABLE: "The policy cannot be read.",
}


class InvalidPolicy(ValueError):
    """A policy that cannot be promised; the text is a sentence, `why` what pages go by."""

    def __init__(self, why: Wrong, sentence: str = "") -> None:
        super().__init__(sentence or SENTENCES[why])
        self.why = why
