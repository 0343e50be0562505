"""A start that cannot be is refused in a sentence, and disturbs nothing."""

from __future__ import annotations

import socket

import pytest

from tests.faults.whole import Whole, state_folder

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(400),
]


def test_a_second_start_on_one_state_folder_is_refused_with_a_sentence(system: Whole) -> None:
    second = Whole(system.state)
    assert second.process.wait(60) == 1
    second.end()
    assert f"uses the state folder {system.state}" in second.said
    assert "Traceback" not in second.said
    assert system.ready()


def test_a_taken_port_is_a_sentence_before_anything_starts() -> None:
    with state_folder() as state, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = Whole(state, port)
        assert refused.process.wait(60) == 1
        refused.end()
        assert f"Port {port} of 127.0.0.1 cannot be used" in refused.said
        assert not (state / "postgres").exists()
        assert not (state / "valkey").exists()


def test_settings_that_cannot_be_are_refused_with_a_sentence() -> None:
    with state_folder() as state:
        refused = Whole(state, WEB_WORKERS="many")
        assert refused.process.wait(60) == 1
        refused.end()
        assert "WEB_WORKERS" in refused.said
        assert "Traceback" not in refused.said
