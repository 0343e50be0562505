"""Whatever somebody wrote into Redis: the worker runs nothing of it, and goes on with ours."""

from __future__ import annotations

import json
import pickle
import uuid
import zlib
from pathlib import Path
from typing import Any

import pytest
import redis
from flask import Flask

from core import jobs

SEEN: list[int] = []
FRAME = {"created_at": "2026-11-24T00:00:00Z", "origin": jobs.QUEUE, "status": "queued"}


@jobs.job
def count_up(number: int) -> None:
    SEEN.append(number)


class Pickled:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.mkdir, (self.path,)


def packed(said: object) -> bytes:
    return zlib.compress(json.dumps(said).encode())


@pytest.mark.parametrize(
    "fields",
    [
        {"created_at": "bad", "data": packed(["os.mkdir", None, ["PATH"], {}])},
        {"created_at": b"\xff\xfe", "data": packed(["os.mkdir", None, ["PATH"], {}])},
        {"data": packed(["os.mkdir", None, ["PATH"], {}]), "timeout": "soon"},
        {"data": packed(["os.mkdir", None, ["PATH"], {}]), "retries_left": "many"},
        {"data": packed(["os.mkdir", None, ["PATH"], {}]), "meta": b"\x80\x04N."},
        {"data": packed(["mkdir", "os", ["PATH"], {}])},
        {"data": packed(["mkdir"])},
        {"data": packed("os.mkdir")},
        {"data": packed([None, None, None, None])},
        {"data": packed([["os.mkdir"], None, 7, 7])},
        {"data": b"\x80\x04no job"},
        {"data": b""},
        {"data": "PICKLE"},
    ],
)
def test_nothing_forged_runs_and_the_next_job_does(
    committed_app: Flask, tmp_path: Path, fields: dict[str, Any]
) -> None:
    made = tmp_path / "made"
    fields = {**FRAME, **fields}
    if fields["data"] == "PICKLE":
        fields["data"] = zlib.compress(pickle.dumps(Pickled(made)))
    elif b"PATH" in (body := _unpacked(fields["data"])):
        fields["data"] = zlib.compress(body.replace(b"PATH", str(made).encode()))
    url = committed_app.config["REDIS_URL"]
    ident = str(uuid.uuid4())
    with redis.Redis.from_url(url) as server:
        server.hset(f"rq:job:{ident}", mapping=fields)
        server.rpush(f"rq:queue:{jobs.QUEUE}", ident, "no-such-job")
    SEEN.clear()
    with committed_app.app_context():
        assert jobs.enqueue(count_up, 8)
        jobs.make_worker(committed_app).work(burst=True, logging_level="CRITICAL")
    assert SEEN == [8]
    assert not made.exists()


def _unpacked(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return b""
