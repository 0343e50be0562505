"""What is owed since when, whether or not a policy promises it.

A policy may come to promise later what has long been owed, so the fold remembers the beginning of
everything that could have been promised (promises, section 5.1).
"""

from __future__ import annotations

from datetime import datetime

from sla.rules.facts import Act, Fact, Standing
from sla.rules.metrics import ANSWERS, OPENS, TABLE
from sla.rules.policy import Metric


class Owed:
    """`since`: the moment at which each metric that is owed began to be."""

    def __init__(self) -> None:
        self.since: dict[Metric, datetime] = {}
        self.answered = False
        self.unanswered: list[datetime] = []  # the citizen's words since the last answer

    def end(self, act: Act, over: bool, written: datetime | None = None) -> None:
        """What the act fulfils is owed no more; if all is over, nothing is. `written`: when the
        reply was, if it was held."""
        for metric, row in TABLE.items():
            # What a reopening resumes is owed until the subject ends.
            fulfilled = act in row.stops and Standing.SETTLED not in row.pauses
            if over or fulfilled or act is Act.RESET:
                self.since.pop(metric, None)
        if over or act in ANSWERS:
            self.answered = self.answered or act in ANSWERS
            # Section 5.9: what came while a reply was held is not answered by it.
            self.unanswered = [at for at in self.unanswered if written and at > written]

    def begin(self, metric: Metric, fact: Fact) -> bool:
        """True if the act makes this metric owed anew."""
        row = TABLE[metric]
        begins = fact.act in row.starts
        began = fact.since if fact.act in OPENS else None
        if row.words:
            if fact.wrote:
                self.unanswered.append(fact.at)
            # More words never move it.
            begins = self.answered and bool(self.unanswered) and metric not in self.since
            began = self.unanswered[0] if begins else None
        if begins:
            self.since[metric] = began or fact.at
        return begins

    def split(self, since: datetime) -> bool:
        """The words of a moment went elsewhere. True if with them nothing is unanswered here."""
        if since not in self.unanswered:
            return False
        self.unanswered.remove(since)
        if not self.unanswered:
            self.since.pop(Metric.NEXT_RESPONSE, None)
        return not self.unanswered
