"""Which acts start and stop which metric, and what pauses it (promises, section 3).

One row a metric, so the table can be read against the settled rules; what is not in a row does
not touch the metric.
"""

from __future__ import annotations

from dataclasses import dataclass

from sla.rules.facts import Act, Standing
from sla.rules.policy import Metric


@dataclass(frozen=True, slots=True)
class Row:
    starts: frozenset[Act]
    stops: frozenset[Act]
    pauses: frozenset[Standing] = frozenset()


TABLE: dict[Metric, Row] = {
    Metric.VERIFICATION: Row(
        starts=frozenset({Act.FILED}),
        stops=frozenset({Act.ACCEPTED, Act.ANSWERED, Act.RESOLVED}),
    ),
    Metric.FIRST_RESPONSE: Row(
        starts=frozenset({Act.FILED}),
        stops=frozenset({Act.ANSWERED, Act.RESOLVED}),
    ),
    # HELD pauses only where the policy says so; SETTLED does until a reopening.
    Metric.RESOLUTION: Row(
        starts=frozenset({Act.FILED}),
        stops=frozenset({Act.RESOLVED}),
        pauses=frozenset({Standing.WAITING, Standing.SETTLED}),
    ),
}


def pausing(metric: Metric, standing: Standing, hold_pauses: bool) -> bool:
    """True if a timer of this metric stands still while the subject stands there."""
    if standing is Standing.HELD:
        return hold_pauses and metric is Metric.RESOLUTION
    return standing in TABLE[metric].pauses
