"""Photos decoded and encoded anew: their place and any hidden program are gone.

A few hundred kilobytes can unpack into hundreds of megabytes or hours of work, so a file is asked
how large it is before it is unpacked, and unpacked no larger than we keep it. Whoever calls this
in a web process uses core.threads.aside, where two are unpacked at a time.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 2400
MOST_PIXELS = {"jpg": 64_000_000, "png": 25_000_000}  # a photo shrinks while it is unpacked
MOST_SCANS = 200  # a progressive photo has some ten; each costs a walk over the whole of it
SCAN = b"\xff\xda"
FORMATS = {"jpg": ("JPEG",), "png": ("PNG",)}


class Burst(Exception):
    """It would unpack into more than we have."""


class Damaged(Exception):
    """It is no picture of this kind, or not a whole one."""


def encode_anew(body: bytes, kind: str) -> bytes:
    """The picture as it is kept; `kind` is jpg or png. Raises Burst or Damaged."""
    if kind == "jpg" and body.count(SCAN) > MOST_SCANS:
        raise Burst
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS[kind]) as image:
            if image.width * image.height > MOST_PIXELS[kind]:
                raise Burst
            return _written(image, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Burst from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Damaged from error


def _written(image: Image.Image, kind: str) -> bytes:
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # only JPEG can; others stay as they are
    mode = "RGB" if kind == "jpg" else _png_mode(image)
    plain = image if image.mode == mode else image.convert(mode)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    upright = ImageOps.exif_transpose(plain)
    upright.info.clear()  # comments and profiles would be written again
    out = io.BytesIO()
    if kind == "jpg":
        upright.save(out, "JPEG", quality=85, optimize=True)
    else:
        upright.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _png_mode(image: Image.Image) -> str:
    return "RGBA" if image.mode in ("P", "PA", "RGBA", "LA") else "RGB"
