"""What is owed since when, whether or not a policy promises it.

A policy may come to promise later what has long been owed, so the fold remembers the beginning of
everything that could have been promised (promises, section 5.1).
"""

from __future__ import annotations

from datetime import datetime

from sla.rules.facts import Act, Fact, Standing
from sla.rules.metrics import ANSWERS, TABLE
from sla.rules.policy import Metric


class Owed:
    """`since`: the moment at which each metric that is owed began to be."""

    def __init__(self) -> None:
        self.since: dict[Metric, datetime] = {}
        self.answered = False

    def end(self, act: Act, over: bool) -> None:
        """What the act fulfils is owed no more; if all is over, nothing is."""
        for metric, row in TABLE.items():
            # What a reopening resumes is owed until the subject ends.
            fulfilled = act in row.stops and Standing.SETTLED not in row.pauses
            if over or fulfilled or act is Act.RESET:
                self.since.pop(metric, None)
        self.answered = self.answered or act in ANSWERS

    def begin(self, metric: Metric, fact: Fact) -> bool:
        """True if the act makes this metric owed anew."""
        row = TABLE[metric]
        begins = fact.act in row.starts
        if row.words and fact.wrote and self.answered:
            begins = metric not in self.since  # more words never move it
        if begins:
            self.since[metric] = fact.at
        return begins
