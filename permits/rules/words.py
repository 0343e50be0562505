"""What a person types, and what a permit is called, in one comparable form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST_WORDS = 8

# Words that stand in so many names or wishes that they tell nothing apart.
_COMMON = """
izin ijin surat praktik praktek permohonan pengajuan pengurusan mengurus urus buat membuat bikin
mau ingin cara syarat saya untuk di dan atau yang dari ke the a of permit licence license for
"""
COMMON = frozenset(_COMMON.split())


def folded(text: str) -> str:
    """Lower case, no accents, single spaces between letters and digits: "P-IRT é" is "p irt e"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", plain))


def search_text(parts: Iterable[str]) -> str:
    """All words under which something is to be found."""
    return " ".join(folded(part) for part in parts)


def telling_words(query: str) -> list[str]:
    """The words of a search that tell permits apart; all of them if none does."""
    words = folded(query).split()
    telling = [word for word in words if word not in COMMON]
    return list(dict.fromkeys(telling or words))[:MOST_WORDS]
