"""Random questions to a random calendar, and the slow calendar that knows the answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from sla.rules.calendar import Calendar, InvalidCalendar
from tests.unit.sla.calendars import forms, pauses
from tests.unit.sla.reference import Reference

UNIT = 600
STEP = timedelta(seconds=UNIT)
STEPS = 26 * 86_400 // UNIT
# Starts and pauses lie in the inner days, so that the days at both ends do not matter.
INNER = (4 * 86_400 // UNIT, 18 * 86_400 // UNIT)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Calendar, Reference]:
    form, first = draw(forms())
    try:
        calendar = Calendar.from_dict(form)
    except InvalidCalendar:
        assume(False)
    return calendar, Reference(form, first, STEPS, UNIT)


def moments(slow: Reference) -> st.SearchStrategy[datetime]:
    """Any moment, and more often than chance those at which something opens or closes."""
    low, high = INNER
    edges = [n for n in range(low, high) if slow.open[n] != slow.open[n - 1]]
    steps = st.integers(low, high)
    return (steps | st.sampled_from(edges) if edges else steps).map(lambda n: slow.moments[n])


@st.composite
def questions(draw: st.DrawFn) -> Any:
    calendar, slow = draw(worlds())
    at = draw(moments(slow))
    spans = draw(pauses(slow.moments[INNER[0]], INNER[1] - INNER[0], STEP))
    return calendar, slow, at, spans, draw(moments(slow)), draw(st.integers(1, 120)) * STEP
