"""The project's documents as a reader sees them: headings, links and code."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

PROJECT = Path(__file__).resolve().parents[3]
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("events/**/*.md")])
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def name(page: Path) -> str:
    """Return a page's path in the project."""
    return str(page.relative_to(PROJECT))


def links(page: Path) -> list[str]:
    """Return where every link and picture of a page leads."""
    found = (token.attrGet("href") or token.attrGet("src") for token in _tokens(page))
    return [str(target) for target in found if target]


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the fragments that GitHub gives to a page's headings."""
    seen: Counter[str] = Counter()
    found = set()
    for text in _headings(page):
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return frozenset(found)


def code(page: Path) -> str:
    """Return every piece of code of a page, a line each; continued lines are joined."""
    pieces = (token.content for token in _tokens(page) if token.type in ("fence", "code_inline"))
    return "\n".join(pieces).replace("\\\n", " ")


def _headings(page: Path) -> Iterator[str]:
    tokens = _MARKDOWN.parse(page.read_text("utf-8"))
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            yield "".join(child.content for child in inline.children or [])


def _tokens(page: Path) -> Iterator[Token]:
    for token in _MARKDOWN.parse(page.read_text("utf-8")):
        yield token
        yield from token.children or []
