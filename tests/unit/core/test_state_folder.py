"""A state folder that cannot be used is a sentence; a full disk leaves no half of anything."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core import state as state_module
from core.running.children import Keeper
from core.running.refusal import Refused
from core.running.spawn import Plan
from core.state import State
from core.uploads.files import Store
from tests.faults.whole import ROOT, until

STARTS = [
    ["app.py"],
    ["worker.py"],
    ["-m", "flask", "--app", "app", "rebuild-timers"],
    ["-m", "flask", "--app", "app", "prepare"],
]


@pytest.mark.parametrize("arguments", STARTS, ids=" ".join)
def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "file").touch()
    place = tmp_path / "file/state"
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "STATE_DIR": str(place)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert f"The state folder {place} cannot be used: Not a directory." in done.stderr
    assert "Traceback" not in done.stderr


def _full(*args: Any, **kwargs: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_no_half_of_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = State(tmp_path / "state")
    with monkeypatch.context() as patch:
        patch.setattr(state_module.Path, "write_text", _full)
        with pytest.raises(Refused, match="No space left on device"):
            state.secret("lookup_key")
    assert list((tmp_path / "state/secrets").iterdir()) == []
    assert len(state.secret("lookup_key")) >= 32


def test_a_full_disk_leaves_no_half_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(OSError, match="No space"):
        Store(tmp_path).put(b"a picture")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_log_that_cannot_be_written_ends_nobody(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    (tmp_path / "child.log").mkdir()  # as good as a full disk
    said: list[str] = []
    keeper.say = said.append  # type: ignore[method-assign]
    program = "import time; print('here', flush=True); time.sleep(600)"
    keeper.start(
        Plan("child", (sys.executable, "-c", program), {"PATH": os.environ["PATH"]}, console=True)
    )
    try:

        def heard() -> bool:
            keeper.tick(0.05)
            return any("here" in line for line in said)

        until(heard, "the child's words")
    finally:
        keeper.stop(["child"], within=1)
