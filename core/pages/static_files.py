"""Our own assets as they are served: under names with their hash, kept for good by browsers.

Only such names are served. What the set-up notes beside them (the list of names, the state of the
sources) changes under a name that stays, and is nobody's outside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

OURS_ALONE = frozenset({"manifest.json", "manifest.part", ".sources"})


class StaticFiles(WhiteNoise):  # type: ignore[misc]
    def __init__(self, application: Any, folder: Path, prefix: str) -> None:
        super().__init__(application, immutable_file_test=lambda path, url: True)
        self.add_files(str(folder), prefix=prefix)

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        if Path(path).name not in OURS_ALONE:
            super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
