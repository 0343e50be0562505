"""A small file never becomes hundreds of megabytes or hours of work, nor keeps what it hides."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from core.threads import AT_ONCE
from core.uploads import pictures
from core.uploads.files import Refused, clean


def picture(kind: str, size: tuple[int, int], mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **more)
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def why_refused(name: str, body: bytes) -> str:
    with pytest.raises(Refused) as refused:
        clean(name, io.BytesIO(body))
    return refused.value.reason


def test_a_png_of_a_few_kilobytes_that_unpacks_into_a_hundred_megabytes_is_refused() -> None:
    bomb = picture("PNG", (5100, 5000), "RGBA")
    assert len(bomb) < 200_000
    assert why_refused("bom.png", bomb) == "bomb"


def test_a_photo_with_a_thousand_scans_is_refused_before_it_is_unpacked() -> None:
    photo = picture("JPEG", (64, 64), progressive=True)
    scan = photo[photo.index(pictures.SCAN) : photo.rindex(b"\xff\xd9")]
    assert why_refused("bom.jpg", photo[:-2] + scan * 1000 + b"\xff\xd9") == "bomb"


@pytest.mark.parametrize("name", [b"zTXt", b"iCCP"])
def test_a_chunk_that_unpacks_into_a_hundred_megabytes_is_refused(name: bytes) -> None:
    whole = picture("PNG", (10, 10))
    packed = chunk(name, b"a\0\0" + zlib.compress(bytes(100_000_000), 9))
    assert why_refused("bom.png", whole[:33] + packed + whole[33:]) in ("bomb", "content")


def test_a_large_photo_of_a_good_camera_is_taken_and_made_smaller() -> None:
    kept = clean("kamera.jpg", io.BytesIO(picture("JPEG", (8000, 6000))))
    with Image.open(io.BytesIO(kept.body)) as found:
        assert max(found.size) == pictures.LONGEST_SIDE


def test_a_photo_stands_upright_although_its_camera_was_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    kept = clean("foto.jpg", io.BytesIO(picture("JPEG", (80, 40), exif=exif)))
    with Image.open(io.BytesIO(kept.body)) as found:
        assert found.size == (40, 80)
        assert not found.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_hidden_beside_the_picture_is_kept(kind: str) -> None:
    secret = b"RAHASIA-6.2349S-106.9896E"
    hidden = {"icc_profile": secret + bytes(200), "exif": b"Exif\0\0II*\0\x08\0\0\0\0\0" + secret}
    if kind == "JPEG":
        hidden["comment"] = secret
    body = picture(kind, (40, 30), **hidden)
    assert secret in body or zlib.compress(secret)[:4] in body
    kept = clean("foto." + ("jpg" if kind == "JPEG" else "png"), io.BytesIO(body + secret))
    assert secret not in kept.body
    with Image.open(io.BytesIO(kept.body)) as found:
        found.load()
        assert not {"icc_profile", "comment", "exif"} & set(found.info)


CROWD = f"""
from gevent import monkey; monkey.patch_all()
import gevent
from gevent.monkey import get_original
from core.threads import aside
sleep, lock = get_original("time", "sleep"), get_original("threading", "Lock")()
now = most = 0
def work():
    global now, most
    with lock: now += 1; most = max(most, now)
    sleep(0.05)
    with lock: now -= 1
gevent.joinall([gevent.spawn(aside, "files", work) for _ in range(12)])
assert most == {AT_ONCE}, most
"""


def test_of_many_who_send_pictures_at_once_few_are_unpacked_at_a_time() -> None:
    subprocess.run([sys.executable, "-c", CROWD], check=True, timeout=60)
