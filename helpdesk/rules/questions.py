"""Does a message ask the citizen for anything? A plain test, told to whoever is shown its result.

It counts letters and looks for a question mark or a word with which people ask. It understands
nothing; so what it finds is a reason to look, and no more.
"""

from __future__ import annotations

import re

ASKING = frozenset({
    "apa", "apakah", "berapa", "kapan", "siapa", "dimana", "mana", "bagaimana", "mengapa",
    "kenapa", "bisakah", "dapatkah", "bolehkah", "sudahkah", "adakah", "mohon", "tolong",
    "silakan", "silahkan", "harap", "kirim", "kirimkan", "lampirkan", "sebutkan", "jelaskan",
    "lengkapi", "unggah", "isi", "tuliskan", "beritahu", "beritahukan", "konfirmasi", "what",
    "which", "when", "who", "where", "why", "how", "could", "can", "would", "please", "send",
    "attach", "tell", "write",
})  # fmt: skip
MOST_LETTERS = 1_000_000


def letters(text: str) -> int:
    """How many letters and digits; blanks and signs do not count."""
    return min(sum(one.isalnum() for one in text), MOST_LETTERS)


def asks(text: str) -> bool:
    """True with a question mark, or a word of those with which people ask."""
    return "?" in text or not ASKING.isdisjoint(re.findall(r"\w+", text.lower()))
