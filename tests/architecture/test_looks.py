"""The look keeps its own rules: what the content policy forbids is nowhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Mails are no pages: no content policy holds there, and mail programs read inline styles only.
TEMPLATES = [
    file for file in sorted((ROOT / "templates").rglob("*.html")) if file.parent.name != "emails"
]
STYLES = ROOT / "static" / "css"
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


def _found(pattern: str, files: list[Path]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}: {match.group(0)[:60]}"
        for file in files
        for match in re.finditer(pattern, file.read_text(encoding="utf-8"))
    ]


def test_no_template_carries_a_style_or_a_handler_that_the_content_policy_would_drop() -> None:
    assert _found(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[\"']|javascript:", TEMPLATES) == []


def test_every_script_tag_bears_the_nonce() -> None:
    tags = _found(r"<script\b[^>]*>", TEMPLATES)
    assert tags
    assert list(_found(r"<script\b(?:(?!nonce=)[^>])*>", TEMPLATES)) == []


def test_no_script_writes_markup_or_runs_text() -> None:
    assert (
        _found(r"\.innerHTML|\.outerHTML|insertAdjacentHTML|\beval\(|new Function", SCRIPTS) == []
    )


def test_the_bundle_names_every_style_file_once() -> None:
    order = (STYLES / "order.txt").read_text(encoding="utf-8").split()
    assert sorted(order) == sorted(file.name for file in STYLES.glob("*.css"))


def test_dark_by_choice_and_dark_by_preference_are_the_same() -> None:
    text = (STYLES / "tokens.css").read_text(encoding="utf-8")
    chosen = re.search(r'\[data-theme="dark"\] \{(.*?)\n\}', text, re.DOTALL)
    preferred = re.search(r'\[data-theme="auto"\] \{(.*?)\n  \}', text, re.DOTALL)
    assert chosen and preferred
    assert chosen.group(1).split() == preferred.group(1).split()


def test_no_style_names_a_colour_outside_the_tokens() -> None:
    others = [file for file in STYLES.glob("*.css") if file.name != "tokens.css"]
    assert _found(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])", others) == []


def test_the_page_of_components_shows_every_component() -> None:
    page = (ROOT / "templates/dev/components.html").read_text(encoding="utf-8")
    shown = set(re.findall(r'from "components/([a-z_]+)\.html"', page))
    parts = {"act", "brand", "bubble", "copy", "facts", "flashes", "hidden", "kbd", "promise_line",
             "time_words", "tone", "views"}  # fmt: skip
    assert {file.stem for file in (ROOT / "templates/components").glob("*.html")} == shown | parts
    json.loads((ROOT / "templates/dev/samples.json").read_text(encoding="utf-8"))
