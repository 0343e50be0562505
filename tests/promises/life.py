"""Any step in the life of a report, at any moment: what Hypothesis draws from."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from core.database import db, transaction
from core.errors import DomainError
from helpdesk import changes, tickets
from helpdesk.conversations import held
from helpdesk.rules.lifecycle import Action, Status
from helpdesk.rules.vocabulary import TicketClass
from tests.promises import publishings
from tests.promises.doings import AGENT, CHANGES, MOVING, SAYING, led
from tests.promises.lives import Lives
from tests.promises.truths import Witness, everything

TICK = timedelta(microseconds=1)
WHICH = st.integers(0, 5)
SPANS = st.one_of(
    st.integers(0, 120).map(lambda n: timedelta(seconds=n)),
    st.integers(1, 600).map(lambda n: timedelta(minutes=n)),
    st.integers(1, 72).map(lambda n: timedelta(hours=n)),
    st.integers(1, 45).map(lambda n: timedelta(days=n)),
)
# From late November on lie Christmas, the joint leave around it, and a Ramadan with its hours.
STARTS = st.datetimes(datetime(2026, 11, 20), datetime(2027, 3, 20)).map(
    lambda at: at.replace(tzinfo=UTC)
)


class Life(RuleBasedStateMachine):
    def __init__(self, office: Lives) -> None:
        super().__init__()
        self.office = office
        self.witnesses: dict[str, Witness] = {}

    def teardown(self) -> None:
        db.session.rollback()

    @initialize(at=STARTS, klass=st.sampled_from(TicketClass), n=WHICH, quiet=st.booleans())
    def somebody_files(self, at: datetime, klass: TicketClass, n: int, quiet: bool) -> None:
        self.office.begin(at)
        topic = self.office.categories[n % len(self.office.categories)]
        self.office.file(klass, topic, confidential=quiet)

    @precondition(lambda self: len(self.office.refs) < 3)
    @rule(klass=st.sampled_from(TicketClass), n=WHICH)
    def somebody_else_files(self, klass: TicketClass, n: int) -> None:
        self._file(klass, n)

    def _file(self, klass: TicketClass, n: int) -> None:
        self.office.file(klass, self.office.categories[n % len(self.office.categories)])

    def _ref(self, n: int) -> str:
        return self.office.refs[n % len(self.office.refs)]

    def _do(self, ref: str, may: bool, act: Callable[[], object]) -> None:
        """Carry out what is allowed; what is not must be refused and change nothing."""
        if may:
            with transaction():
                act()
            return
        before = everything(ref)
        with pytest.raises(DomainError), transaction():
            act()
        assert everything(ref) == before

    @rule(which=WHICH, what=st.sampled_from(sorted(SAYING)), twice=st.booleans())
    def say(self, which: int, what: str, twice: bool) -> None:
        """A message, and (as after a lost acknowledgement) once more with the same key."""
        ref, key = self._ref(which), secrets.token_hex(8)
        action, act = SAYING[what]
        status = self.office.status(ref)
        after = led(status, action)
        if action is Action.WRITE and status is Status.CLOSED:
            self._follow(ref, act, key, twice)
            return
        self._do(ref, after is not None, lambda: act(int(ref[7:]), key))
        if after is None:
            return
        assert self.office.status(ref) is after
        if twice:
            before = everything(ref)
            with transaction():
                act(int(ref[7:]), key)
            assert everything(ref) == before

    def _follow(self, ref: str, act: Callable[[int, str], object], key: str, twice: bool) -> None:
        """After the end a message makes a new report, and again the same one."""
        made = []
        for _ in range(1 + twice):
            with transaction():
                written = act(int(ref[7:]), key)
                made.append(f"ticket:{written.receipt.ticket_id}")  # type: ignore[attr-defined]
        assert len(set(made)) == 1
        assert self.office.status(ref) is Status.CLOSED
        assert self.office.ticket(made[0]).follows == int(ref[7:])
        self.office.refs.append(made[0])

    @rule(which=WHICH, what=st.sampled_from(sorted(MOVING)))
    def move_on(self, which: int, what: str) -> None:
        ref = self._ref(which)
        action, act = MOVING[what]
        status = self.office.status(ref)
        after = led(status, action)
        if action is Action.ACCEPT and status is Status.OPEN and not self.office.verifying(ref):
            after = None
        self._do(ref, after is not None, lambda: act(int(ref[7:])))
        assert after is None or self.office.status(ref) is after

    @rule(which=WHICH, to=st.integers(0, 2), seen=st.booleans())
    def assign(self, which: int, to: int, seen: bool) -> None:
        """Take or give; whoever saw another holder is told so."""
        ref = self._ref(which)
        has = self.office.ticket(ref).assignee_id
        was = has if seen else (self.office.people[0] if has is None else None)
        given = [None, *self.office.people][to]
        may = seen and led(self.office.status(ref), Action.ASSIGN) is not None
        self._do(ref, may, lambda: tickets.assign(int(ref[7:]), given, AGENT, was))
        assert self.office.ticket(ref).assignee_id == (given if may else has)

    @rule(which=WHICH, what=st.sampled_from(sorted(CHANGES)), n=st.integers(0, 30))
    def change(self, which: int, what: str, n: int) -> None:
        ref = self._ref(which)
        status = self.office.status(ref)
        act = CHANGES[what]
        self._do(ref, status is not Status.CLOSED, lambda: act(self.office, int(ref[7:]), n))
        assert self.office.status(ref) is status

    @rule(which=WHICH, n=WHICH)
    def change_queue(self, which: int, n: int) -> None:
        ref = self._ref(which)
        queue = self.office.queues[n % len(self.office.queues)]
        status = self.office.status(ref)
        may = status is not Status.CLOSED and self.office.ticket(ref).queue_id != queue
        self._do(ref, may, lambda: changes.move(int(ref[7:]), queue, "Theirs.", AGENT))

    @rule(which=WHICH, words=st.sampled_from(["A note.", "  "]))
    def note(self, which: int, words: str) -> None:
        ref = self._ref(which)
        self._do(ref, bool(words.strip()), lambda: tickets.note(int(ref[7:]), words, AGENT))

    @rule(which=WHICH, seconds=st.integers(1, 120))
    def hold_a_reply(self, which: int, seconds: int) -> None:
        """It leaves after some seconds, or at once where a date falls within them."""
        ref = self._ref(which)
        may = led(self.office.status(ref), Action.ANSWER) is not None
        span = timedelta(seconds=seconds)
        self._do(ref, may, lambda: held.answer(int(ref[7:]), "Soon.", AGENT, span))

    @rule()
    def what_was_held_leaves(self) -> None:
        held.send_what_left(self.office.clock.at)

    @rule(which=WHICH, hours=st.integers(-1, 40))
    def snooze(self, which: int, hours: int) -> None:
        ref, until = self._ref(which), self.office.clock.at + timedelta(hours=hours)
        self._do(ref, hours > 0, lambda: tickets.snooze(int(ref[7:]), until, AGENT))

    @rule(days=st.integers(0, 30), shut=st.booleans())
    def a_calendar_is_published(self, days: int, shut: bool) -> None:
        now = self.office.clock.at
        publishings.a_day(now + timedelta(days=days), shut, now)

    @rule(n=st.integers(1, 30), which=st.sampled_from(publishings.POLICIES), opened=st.booleans())
    def a_policy_is_published(self, n: int, which: str, opened: bool) -> None:
        publishings.a_target(which, n, self.office.clock.at, for_open=opened)

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self.office.clock.forward(span)

    @rule(n=st.integers(0, 3), off=st.sampled_from([-TICK, timedelta(0), TICK]))
    def time_passes_up_to_a_moment(self, n: int, off: timedelta) -> None:
        """To the very moment at which something falls due, and just beside it."""
        ahead = self.office.moments()
        if ahead:
            at = ahead[n % len(ahead)] + off
            self.office.clock.move_to(max(self.office.clock.at, at))

    @rule(copies=st.integers(1, 2))
    def sweepers_look(self, copies: int) -> None:
        self.office.sweep(copies)

    @rule()
    def what_is_over_ends(self) -> None:
        self.office.end_what_is_over()

    @rule()
    def consequences_are_carried_out(self) -> None:
        self.office.drain()

    @invariant()
    def all_is_true(self) -> None:
        for ref in self.office.refs:
            self.witnesses.setdefault(ref, Witness(ref)).look(self.office.clock.at)
