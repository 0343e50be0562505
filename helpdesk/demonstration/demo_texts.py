"""Demonstration stories, all invented: what people of a licensing office hear every week."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpdesk.rules.vocabulary import TicketClass

FILE = Path(__file__).parent.parent / "data" / "demo.json"


@dataclass(frozen=True, slots=True)
class Story:
    """One report. It was filed `ago` days before now; or, of today's work, so that `left` office
    minutes remain of its first answer (below zero: it is late by so many). `life` names what
    happens to it (helpdesk.demonstration.demo_lives); `said` holds the words that are said in it. The first line
    of `words` is its title; a `name` of "" means that none was given."""

    topic: str
    ticket_class: TicketClass
    words: str
    name: str
    life: str
    ago: float | None = None
    left: int | None = None
    said: Mapping[str, str] = field(default_factory=dict)


def stories() -> list[Story]:
    """All of them, oldest first."""
    return [_story(dict(one)) for one in json.loads(FILE.read_text(encoding="utf-8"))]


def _story(one: dict[str, object]) -> Story:
    def words(name: str) -> str:
        return str(one.pop(name))

    ago, left = one.pop("ago", None), one.pop("left", None)
    return Story(
        topic=words("topic"),
        ticket_class=TicketClass(words("class")),
        words=words("words"),
        name=words("name"),
        life=words("life"),
        ago=float(str(ago)) if ago is not None else None,
        left=int(str(left)) if left is not None else None,
        said={name: str(text) for name, text in one.items()},
    )
