"""The catalogue of permit types: filled from the file that comes with us, listed, searched.

Nothing here commits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert

from core.database import db
from core.errors import NotFound
from core.i18n import gettext
from permits.models import PermitType
from permits.rules.words import folded, search_text, telling_words

FILE = Path(__file__).parent / "data" / "permits.json"
LIKE_ENOUGH = 0.5  # each word of a search is at least so like a word of the permit (0 to 1)
LIKE_ALONE = 0.7  # where one word must do for a whole sentence
NEAR_THE_BEST = 0.75


def load(file: Path = FILE) -> int:
    """Bring the rows to what the file says; a second load changes nothing. Returns how many."""
    rows = [_row(entry, n) for n, entry in enumerate(json.loads(file.read_text("utf-8")))]
    statement = insert(PermitType)
    names = [column.name for column in PermitType.__table__.columns if column.name != "code"]
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["code"], set_={name: statement.excluded[name] for name in names}
        ),
        rows,
    )
    return len(rows)


def _row(entry: dict[str, Any], position: int) -> dict[str, Any]:
    words = [entry["code"], entry["name_id"], entry["name_en"], entry["sector"]]
    return {
        **entry,
        "position": position,
        "search": search_text([*words, *entry["synonyms"]]),
    }


def get(code: str) -> PermitType:
    """The permit type with this code, in any case. Raises NotFound."""
    found = db.session.get(PermitType, code.upper().replace("\x00", ""))
    if found is None:
        raise NotFound(gettext("There is no such permit in our list."))
    return found


def every() -> Sequence[PermitType]:
    """All permit types in the catalogue's order."""
    return db.session.scalars(select(PermitType).order_by(PermitType.position)).all()


def search(query: str, limit: int = 20) -> Sequence[PermitType]:
    """The permit types that are meant, the likeliest first: by code, name, synonym or near it.

    Every telling word must be there or nearly there (trigrams). If no permit has them all, those
    with any of them stand in, since people write whole sentences; words from nowhere find nothing.
    """
    words = telling_words(query[:200])
    if not words:
        return []
    likeness: list[ColumnElement[float]] = [
        func.word_similarity(word, PermitType.search, type_=Float) for word in words
    ]
    all_there = and_(*(part >= LIKE_ENOUGH for part in likeness))
    any_there = or_(*(part >= LIKE_ALONE for part in likeness))
    return _ranked(query, words, likeness, all_there, limit) or _ranked(
        query, words, likeness, any_there, limit
    )


def _ranked(
    query: str,
    words: list[str],
    likeness: list[ColumnElement[float]],
    there: ColumnElement[bool],
    limit: int,
) -> list[PermitType]:
    """What fits, best first; far weaker hits than the best one are left out."""
    start: ColumnElement[float] = literal(0.0)
    total = reduce(add, likeness, start)
    exact = case((func.lower(PermitType.code) == query.strip().casefold(), 1), else_=0)
    as_said = case((PermitType.search.contains(folded(query[:200]), autoescape=True), 1), else_=0)
    in_name = func.word_similarity(" ".join(words), func.lower(PermitType.name_id), type_=Float)
    rows = db.session.execute(
        select(PermitType, total)
        .where(there)
        .order_by(exact.desc(), (total + in_name / 2).desc(), as_said.desc(), PermitType.position)
        .limit(limit)
    ).all()
    best = max((score for _, score in rows), default=0.0)
    return [row for row, score in rows if score >= NEAR_THE_BEST * best]
