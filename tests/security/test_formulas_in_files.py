"""No cell of a file is taken for a formula, wherever a spreadsheet parts a line."""

from __future__ import annotations

import csv
import io
import re

from hypothesis import example, given
from hypothesis import strategies as st

from reports.files import _line, safe

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


@given(st.text(alphabet=SIGNS + ";\t\r\n| ,\"'ab1", max_size=12))
@example('a";=HYPERLINK("//evil.example");"')
@example("izin;=1+1")
@example("izin\t@SUM(A1)")
@example(" =1+1")
def test_no_cell_begins_a_formula_at_any_separator(cell: str) -> None:
    for separator in (";", "\t", "|", "\n", "\r"):
        for part in safe(cell).split(separator):
            assert part.strip()[:1] not in SIGNS or not part.strip()


@given(st.lists(st.text(alphabet=SIGNS + ";,\"' ab", max_size=8), min_size=2, max_size=4))
def test_a_line_read_back_has_the_words_that_were_written(cells: list[str]) -> None:
    (read,) = csv.reader(io.StringIO(_line(cells)))
    assert read == [safe(cell) for cell in cells]


def test_ordinary_words_stay_as_they_are() -> None:
    for words in ("T-2026-000001", "kode-bayar belum keluar", "a = b; c", "Rp 5.000; lunas"):
        assert safe(words) == words
    assert not re.search("'", safe("2026-11-24T09:00:00+07:00"))
