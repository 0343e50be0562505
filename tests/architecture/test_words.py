"""Every sentence has its Indonesian, and citizens' pages are free of jargon."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
OURS = {".venv", "node_modules", "tests", "bench", "state", "static", "migrations", "stubs"}
BLANK = re.compile(r"%\(\w+\)[sd]")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
MARKUP = re.compile(r"<script.*?</script>|<[^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')  # of a tag that another template opens
NAMES = {"Tanggap", "English", "Bahasa", "Indonesia"}
CLASSES = {"wrap", "narrow", "fixed", "office"}  # in blocks of a layout's tags

# Words of the trade that citizens should not have to learn (office pages may use them).
JARGON = [
    "submit",
    "upload",
    "download",
    "login",
    "logout",
    "username",
    "password",
    "dashboard",
    "tracking",
    "ticket",
    "tiket",
    "sla",
    "disposisi",
    "verifikasi",
    "validasi",
    "eskalasi",
    "server",
    "error",
    "opd",
    "ske",
    "skrd",
    "backoffice",
]


def _catalog() -> Catalog:
    with (ROOT / "translations/id/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file)


def _said() -> set[str]:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
    found = extract_from_dir(
        ROOT,
        method_map=methods,
        keywords=KEYWORDS,
        directory_filter=lambda folder: Path(folder).name not in OURS,
    )
    return {m[2] if isinstance(m[2], str) else m[2][0] for m in found}


def test_no_sentence_lacks_its_indonesian() -> None:
    known = {(m.id if isinstance(m.id, str) else m.id[0]): m.string for m in _catalog() if m.id}
    lacking = {words for words in _said() if not known.get(words)}
    assert lacking == set()


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    known = {(m.id if isinstance(m.id, str) else m.id[0]) for m in _catalog() if m.id}
    assert known - _said() == set()


def test_blanks_are_the_same_in_both_languages() -> None:
    wrong = []
    for message in _catalog():
        if not message.id:
            continue
        # Indonesian's one form serves every number, so it answers to the English plural.
        english = message.id if isinstance(message.id, str) else message.id[1]
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if any(set(BLANK.findall(english)) != set(BLANK.findall(form)) for form in forms):
            wrong.append(message.id)
    assert wrong == []


def test_no_translation_is_marked_as_unsure() -> None:
    assert [message.id for message in _catalog() if message.id and message.fuzzy] == []


def test_templates_hold_no_words_of_their_own() -> None:
    wrong = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if path.parent.name == "dev":
            continue
        left = ATTRIBUTE.sub("", MARKUP.sub(" ", JINJA.sub("", path.read_text())))
        words = [w for w in re.findall(r"[A-Za-z]{3,}", left) if w not in NAMES | CLASSES]
        if words:
            wrong[path.name] = words
    assert wrong == {}


def test_citizens_read_no_jargon() -> None:
    texts = {(m.id if isinstance(m.id, str) else m.id[0]): m.string for m in _catalog() if m.id}
    public = [
        words
        for places in ("public/*", "errors/*", "emails/*", "components/*", "layouts/citizen.html")
        for path in (ROOT / "templates").glob(places)
        for words in re.findall(r'(?:_|ngettext)\("([^"]+)"', path.read_text())
    ]
    assert len(public) > 50
    wrong = [
        (words, jargon)
        for words in public
        for jargon in JARGON
        if re.search(rf"\b{jargon}\b", str(texts.get(words, "")).lower())
    ]
    assert wrong == []
