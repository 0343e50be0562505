"""What browsers load: our own styles and scripts and a few packages' files, under hashed names.

`python -m core.assets` gets the packages (npm ci), writes static/build and compiles translations;
it does nothing where nothing changed. A hashed name changes with its content, so browsers may keep
files for good. The scripts import each other by relative paths: their folder is hashed as one.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
BUILD = STATIC / "build"
TRANSLATIONS = ROOT / "translations"
MODULES = ROOT / "node_modules"
FONTS = MODULES / "@fontsource-variable/plus-jakarta-sans/files"
FONT = "plus-jakarta-sans-latin-wght-normal.woff2"
SOCKET = MODULES / "socket.io-client/dist/socket.io.esm.min.js"
PREFIX = "/static/"


@lru_cache(maxsize=1)
def manifest() -> dict[str, str]:
    """Plain name to hashed path. Raises RuntimeError if the set-up step was forgotten."""
    try:
        found: dict[str, str] = json.loads((BUILD / "manifest.json").read_text())
    except FileNotFoundError:
        raise RuntimeError("The assets are not built yet: run `make assets`.") from None
    return found


def asset_url(name: str) -> str:
    """The address of an asset by its plain name, such as "app.css" or "js/form.js"."""
    return PREFIX + manifest()[name]


def digest(parts: Iterable[bytes]) -> str:
    sum_ = hashlib.sha256()
    for part in parts:
        sum_.update(len(part).to_bytes(8, "big") + part)
    return sum_.hexdigest()[:12]


def _sources() -> list[Path]:
    places = [ROOT / "package-lock.json", Path(__file__)]
    for folder, pattern in ((STATIC / "css", "*"), (STATIC / "js", "**/*.js")):
        places += sorted(p for p in folder.glob(pattern) if p.is_file())
    return places + sorted(TRANSLATIONS.glob("**/*.po"))


def _state_of_sources() -> str:
    return digest(
        part for p in _sources() for part in (str(p.relative_to(ROOT)).encode(), p.read_bytes())
    )


class Build:
    """One run: files written so far, by their plain names."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        BUILD.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, path: str, content: bytes) -> None:
        target = BUILD / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if target.suffix in (".css", ".js"):
            # No time within, so that the same content makes the same bytes.
            target.with_name(target.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
        self.names[name] = path

    def hashed(self, name: str, content: bytes) -> None:
        stem, _, ending = name.rpartition(".")
        self.write(name, f"{stem}.{digest([content])}.{ending}", content)

    def finish(self, before: dict[str, str]) -> None:
        """The list last and at once. What the list before named stays for servers that run."""
        part = BUILD / "manifest.part"
        part.write_text(json.dumps(self.names, indent=1, sort_keys=True))
        part.replace(BUILD / "manifest.json")
        kept = {*self.names.values(), *before.values()}
        for file in [p for p in BUILD.rglob("*") if p.is_file()]:
            path = str(file.relative_to(BUILD)).removesuffix(".gz")
            if path not in kept and path not in ("manifest.json", ".sources"):
                file.unlink()


def _styles() -> bytes:
    """All style files in the order of order.txt as one, with the font's address filled in."""
    order = (STATIC / "css/order.txt").read_text(encoding="utf-8").split()
    return b"".join((STATIC / "css" / name).read_bytes() for name in order)


def build() -> bool:
    """Bring static/build up to date; False if there was nothing to do. Raises OSError."""
    wanted, stamp = _state_of_sources(), BUILD / ".sources"
    if stamp.exists() and stamp.read_text() == wanted and (BUILD / "manifest.json").exists():
        return False
    from core import packages

    packages.install(ROOT)
    done = Build()
    done.hashed(FONT, (FONTS / FONT).read_bytes())
    done.hashed("socket.io.js", SOCKET.read_bytes())
    font = (PREFIX + done.names[FONT]).encode()
    done.hashed("app.css", _styles().replace(f"__FONT__/{FONT}".encode(), font))
    scripts = sorted((STATIC / "js").rglob("*.js"))
    folder = "js." + digest(p.read_bytes() for p in scripts)
    for script in scripts:
        inner = script.relative_to(STATIC / "js")
        done.write(f"js/{inner}", f"{folder}/{inner}", script.read_bytes())
    try:
        before = manifest()
    except (RuntimeError, ValueError):
        before = {}
    done.finish(before)
    manifest.cache_clear()
    compile_translations()
    stamp.write_text(wanted)
    return True


def compile_translations() -> None:
    """Each .po beside it as .mo, without what is marked as unsure."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as said:
            catalog = read_po(said, locale=source.parent.parent.name)
        part = source.with_suffix(".part")
        with part.open("wb") as out:
            write_mo(out, catalog, use_fuzzy=False)
        part.replace(source.with_suffix(".mo"))


def main() -> int:
    try:
        changed = build()
    except (OSError, RuntimeError) as error:
        print(f"The assets could not be built: {error}", file=sys.stderr)
        return 1
    if changed:
        size = sum(p.stat().st_size for p in BUILD.rglob("*.gz"))
        print(f"Assets built in {BUILD.relative_to(ROOT)} ({size / 1000:.0f} kB compressed).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
