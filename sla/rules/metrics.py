"""Which acts start and stop which metric, and what pauses it (promises, section 3).

One row a metric, so the table can be read against the settled rules; what is not in a row does
not touch the metric.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from sla.rules.facts import Act, Standing
from sla.rules.policy import Metric


@dataclass(frozen=True, slots=True)
class Row:
    """`starts`: the acts that begin a cycle, where none runs; `words`: the citizen's, whatever
    act they came with, once there has been an answer."""

    starts: Set[Act]
    stops: Set[Act]
    pauses: Set[Standing] = frozenset()
    words: bool = False


TABLE: dict[Metric, Row] = {
    Metric.VERIFICATION: Row(
        starts={Act.FILED, Act.APPEALED},
        stops={Act.ACCEPTED, Act.ANSWERED, Act.RESOLVED},
    ),
    Metric.FIRST_RESPONSE: Row(
        starts={Act.FILED},
        stops={Act.ANSWERED, Act.RESOLVED},
    ),
    Metric.NEXT_RESPONSE: Row(
        starts=set(),
        stops={Act.ANSWERED, Act.RESOLVED},
        words=True,
    ),
    # One answer stops it and starts the next: whoever waits hears something every so often.
    Metric.UPDATE: Row(
        starts={Act.ANSWERED, Act.REOPENED},
        stops={Act.ANSWERED, Act.RESOLVED},
        pauses={Standing.WAITING},
    ),
    # HELD pauses only where the policy says so; SETTLED does until a reopening.
    Metric.RESOLUTION: Row(
        starts={Act.FILED, Act.APPEALED},
        stops={Act.RESOLVED},
        pauses={Standing.WAITING, Standing.SETTLED},
    ),
    # Waiting for applicant or payer; another office's time counts.
    Metric.PROCESSING: Row(
        starts={Act.BEGUN},
        stops={Act.DONE},
        pauses={Standing.WAITING},
    ),
    Metric.ACKNOWLEDGEMENT: Row(
        starts={Act.BEGUN},
        stops={Act.DONE},
    ),
}

ANSWERS = {Act.ANSWERED, Act.RESOLVED}  # each carries a public message by a person of the office
OPENS = {Act.FILED, Act.BEGUN}  # the policy that they name is the first, not a change


def pausing(metric: Metric, standing: Standing, hold_pauses: bool) -> bool:
    """True if a timer of this metric stands still while the subject stands there."""
    if standing is Standing.HELD:
        return hold_pauses and metric is Metric.RESOLUTION
    return standing in TABLE[metric].pauses
