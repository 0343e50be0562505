"""What makes a password too easy to guess: length and foreseeability, no composition rules.

OWASP ASVS 5.0, chapter 6: at least 15 characters where no second factor stands beside it, long
and Unicode ones accepted, common ones refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

LEAST = 15
MOST = 256
READ = 16 * MOST  # more is too long whatever it says, and bringing it to one form takes time
LEAST_REST = 8  # letters that must be left once the foreseeable words are out
LEAST_DIFFERENT = 6

# Words that anyone would try first here; the words of the person are added to them.
_WORDS = """
tanggap dpmptsp bekasi kotabekasi jakarta indonesia merdeka perizinan pengaduan laporan helpdesk
admin administrator superadmin operator petugas kepala dinas walikota kantor password passphrase
katasandi sandi rahasia masuk login welcome selamatdatang bismillah sayang cinta keluarga pancasila
garuda qwerty qwertyuiop asdfghjkl zxcvbnm letmein iloveyou secret default changeme ganti test
testing contoh example user guest
"""
FORESEEABLE = frozenset(_WORDS.split())

# What people put between words; other signs count as letters do.
SEPARATORS = re.compile(r"[\s_.,;:!?*+/@#&'\"()-]+")

LETTER_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "01234567890",
)
RUN = 4  # this many neighbours of a row in a row are one step, not four letters


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "SHORT"
    LONG = "LONG"
    FORESEEABLE = "FORESEEABLE"


def normal(password: str) -> str:
    """One form for the same letters typed on different keyboards (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", password[:READ])


def weakness(password: str, about: Iterable[str] = ()) -> Weakness | None:
    """What is wrong with a normal-form password; `about` holds the person's name and address."""
    if len(password) < LEAST:
        return Weakness.SHORT
    if len(password) > MOST:
        return Weakness.LONG
    rest = _without_words(password.casefold(), about)
    rest = _without_runs(rest)
    rest = re.sub(r"(.+?)\1{2,}", r"\1", rest)  # the same thing over and over counts once
    rest = re.sub(r"(?:19|20)\d\d", "", rest)
    if len(rest) < LEAST_REST or len(set(rest)) < LEAST_DIFFERENT:
        return Weakness.FORESEEABLE
    return None


def _without_words(password: str, about: Iterable[str]) -> str:
    personal = {
        word for words in about for word in re.split(r"\W+|_", words.casefold()) if len(word) >= 3
    }
    for word in sorted(personal.union(FORESEEABLE), key=len, reverse=True):
        password = password.replace(word, "")
    return SEPARATORS.sub("", password)


def _without_runs(password: str) -> str:
    """Take out 1234, abcd, qwerty and the like, in either direction."""
    for row in LETTER_ROWS:
        for line in (row, row[::-1]):
            for length in range(len(line), RUN - 1, -1):
                for start in range(len(line) - length + 1):
                    password = password.replace(line[start : start + length], "")
    return password
