"""Where the next page of a list begins, as words in an address: the last row's date and id.

Anyone may write such words by hand, so whatever is no date and id of ours is one plain error.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime

from sqlalchemy import ColumnElement, literal_column

from core.canonical import instant, parse_instant

LARGEST = 2**62  # no id is larger, and the database takes none
LONGEST = 120  # letters; ours have some fifty


def written(at: datetime | None, ident: int) -> str:
    """The words for a row; `at` None for a row without a date."""
    said = json.dumps([instant(at) if at is not None else None, ident])
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read(words: str) -> tuple[datetime | None, int]:
    """The inverse of `written`. Raises ValueError for words that we never wrote."""
    if len(words) > LONGEST:
        raise ValueError("too long")
    pair = json.loads(base64.urlsafe_b64decode(words + "=" * (-len(words) % 4)))
    if not isinstance(pair, list) or len(pair) != 2:
        raise ValueError("no pair")
    at, ident = pair
    if type(ident) is not int or not 0 <= ident <= LARGEST:
        raise ValueError("no id")
    if at is None:
        return None, ident
    found = parse_instant(at) if isinstance(at, str) else None
    if found is None or found.tzinfo is None:
        raise ValueError("no instant")
    return found, ident


def most(rows: int) -> ColumnElement[int]:
    """A LIMIT that stands in the statement itself. One that is handed over beside it the database
    takes for a tenth of all rows, finds its plan dear, and makes another at every asking."""
    return literal_column(str(rows))
