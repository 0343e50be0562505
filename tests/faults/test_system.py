"""The one command: it stops whole and comes back whole.

Where one web process says as much as two there is one: each takes seconds to start.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from simple_websocket import Client

from core.running.embedded import APPLICATION, OWNER
from core.running.throwaway import Servers
from tests.faults.whole import ROOT, alive, state_folder, until, whole

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(400),
]

COMMAND = "from app import create_app; print(create_app().config['SQLALCHEMY_DATABASE_URI'])"


def test_ctrl_c_leaves_no_process_and_the_second_start_serves_on_the_same_data() -> None:
    with state_folder() as state:
        with whole(state) as first:
            family = first.family()
            assert len(family) > 6
            assert first.end(signal.SIGINT) == 0
            assert [p for p in family if alive(p)] == []
        with whole(state) as second:
            assert "Tanggap serves at" in second.said


def test_open_sockets_do_not_keep_it_from_stopping() -> None:
    with state_folder() as state, whole(state) as system:
        address = f"ws://127.0.0.1:{system.port}/socket.io/?EIO=4&transport=websocket"
        lines = [Client(address) for _ in range(3)]
        assert all(line.receive(timeout=30) for line in lines)  # the server's greeting
        family = system.family()
        assert system.end() == 0
        assert "web did not end by itself" not in system.said
        assert [p for p in family if alive(p)] == []


def test_killing_the_parent_leaves_no_orphan_and_a_new_start_serves() -> None:
    with state_folder() as state:
        with whole(state) as first:
            family = first.family()
            first.end(signal.SIGKILL)
            until(lambda: not any(alive(p) for p in family), "the end of all children")
        with whole(state) as second:
            assert second.ready()


def test_a_dead_child_is_started_again() -> None:
    with state_folder() as state, whole(state) as system:
        for word in ("gunicorn", "sweeper", "jobs", "valkey-server", "bin/postgres"):
            before = system.child(word)
            assert before is not None, word
            os.kill(before, signal.SIGKILL)
            until(lambda w=word, b=before: system.child(w) not in (None, b), f"another {word}")  # type: ignore[misc]
            until(system.ready, f"readiness after {word}")


def test_a_state_folder_too_deep_for_sockets_serves_all_the_same() -> None:
    with state_folder(deep=6) as state, whole(state, WEB_WORKERS="1") as system:
        assert len(str(state)) > 107
        assert system.ready()


def test_given_servers_are_used_and_none_of_our_own_started(servers: Servers) -> None:
    with state_folder() as state, servers.cloned() as database:
        given = {
            "DATABASE_URL": servers.postgres.url(APPLICATION, database),
            "DATABASE_OWNER_URL": servers.postgres.url(OWNER, database),
            "REDIS_URL": servers.valkey.url,
        }
        with whole(state, WEB_WORKERS="1", **given) as system:
            assert system.child("bin/postgres") is None
            assert system.child("valkey-server") is None
            assert not (state / "postgres").exists()


def _command(system_env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", COMMAND],
        cwd=ROOT,
        env=system_env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_command_joins_the_running_system_or_brings_its_servers_for_the_while() -> None:
    with state_folder() as state:
        with whole(state, WEB_WORKERS="1") as system:
            joined = _command(system.env)
            assert system.ready()
        alone = _command(system.env)
        assert joined == alone
        assert not (state / "run/servers.json").exists()
        with whole(state, WEB_WORKERS="1") as again:
            assert again.ready()
