"""Keeping child processes alive: what they say is kept, a dead one is started again, for ever.

One thread does it all (see core.running.spawn): it waits for output, for deaths and for
signals at once.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL
from typing import BinaryIO

from core.running.logfiles import turn_over
from core.running.spawn import Plan, end_group, spawn

FIRST_REST = 0.5  # seconds before a dead child is started again
LONGEST_REST = 30.0
SOUND_AFTER = 10.0  # a child that lived so long starts again at once
LOG_BYTES = 10_000_000
LOOK_EVERY = 2.0  # seconds between looks at the size of the logs
TICK = 0.2


@dataclass(slots=True)
class Child:
    plan: Plan
    log: Path
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    rest: float = FIRST_REST
    again_at: float = 0.0
    half_line: bytes = field(default=b"", repr=False)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Keeper:
    """Starts, watches and stops children. `logs`: a folder for what they say."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.children: list[Child] = []
        self.selector = selectors.DefaultSelector()
        self.looked = 0.0

    def start(self, plan: Plan) -> Child:
        child = Child(plan, self.logs / f"{plan.name}.log")
        self.children.append(child)
        self._spawn(child)
        return child

    def _spawn(self, child: Child) -> None:
        child.began = time.monotonic()
        try:
            self._begin(child)
        except OSError as error:  # no memory for another process, a full disk: it may pass
            self.say(f"{child.plan.name} could not be started: {error}")
            child.again_at = child.began + LONGEST_REST / 10

    def _begin(self, child: Child) -> None:
        if not child.plan.console:
            with child.log.open("ab") as out:
                child.process = spawn(child.plan, out)
            return
        child.process = spawn(child.plan, subprocess.PIPE)
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self.selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def tick(self, longest: float = TICK) -> None:
        """Pass on what was said and start the dead again; waits at most `longest` seconds."""
        if self.selector.get_map():
            for key, _ in self.selector.select(longest):
                self._hear(key.data, key.fileobj)  # type: ignore[arg-type]
        else:
            time.sleep(longest)
        now = time.monotonic()
        for child in self.children:
            if not child.alive:
                self._revive(child, now)
        if now - self.looked >= LOOK_EVERY:
            self.looked = now
            for child in self.children:
                turn_over(child.log, LOG_BYTES)

    def _revive(self, child: Child, now: float) -> None:
        if child.process is not None:
            self._gone(child, now)
        elif now >= child.again_at:
            self._spawn(child)

    def _gone(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        end_group(child.process, SIGKILL)  # what it started itself must not live on beside the next
        child.process = None
        if now - child.began >= SOUND_AFTER:
            child.rest = FIRST_REST
        child.again_at = now + child.rest
        self.say(f"{child.plan.name} ended ({code}); starting it again in {child.rest:.1f} s")
        child.rest = min(child.rest * 2, LONGEST_REST)

    def _hear(self, child: Child, pipe: BinaryIO) -> None:
        try:
            said = os.read(pipe.fileno(), 65536)
        except BlockingIOError:
            return
        if not said:
            self.selector.unregister(pipe)
            pipe.close()
            return
        with suppress(OSError), child.log.open("ab") as log:  # a full disk ends nobody
            log.write(said)
        *lines, child.half_line = (child.half_line + said).split(b"\n")
        for line in lines:
            self.say(f"{child.plan.name:>9} | {line.decode(errors='replace')}")

    def say(self, line: str) -> None:
        """A line for whoever watches; a terminal that went away is no reason to stop."""
        with suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)

    def stop(self, names: Sequence[str], within: float) -> None:
        """Ask these children to end, then make them; takes at most `within` seconds."""
        leaving = [c for c in self.children if c.plan.name in names]
        self.children = [c for c in self.children if c not in leaving]
        for child in leaving:
            if child.alive and child.process is not None:
                with suppress(ProcessLookupError):
                    child.process.send_signal(child.plan.stop)
        until = time.monotonic() + within
        while any(c.alive for c in leaving) and time.monotonic() < until:
            if self.selector.get_map():
                for key, _ in self.selector.select(0.02):
                    self._hear(key.data, key.fileobj)  # type: ignore[arg-type]
            time.sleep(0.01)
        for child in leaving:
            if child.process is not None:
                if child.alive:
                    self.say(f"{child.plan.name} did not end by itself and was ended")
                end_group(child.process, SIGKILL)
                child.process.wait()
