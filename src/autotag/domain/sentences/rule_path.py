"""The key paths of rules, as audits record them: their steps in the document, and what they are called in sentences."""

import re

from msgspec import Struct

_PATH = re.compile(
    r'(?:when\[(?P<block>[1-9]\d{0,8})\](?: "(?P<name>.*?)")?\.)?'
    r'(?:labels\."(?P<label>.*)"\.(?P<label_key>threshold|parents)|'
    r'categories\."(?P<category>.*)"\.(?P<category_key>threshold|review|deny|parents)|(?P<key>set\.(?:threshold|review|max_tags|agree)|add|skip))'
    r"|defaults\.(?P<default>threshold|review|max_tags|agree|deny|allow)"
    r'|providers\."(?P<provider>\w+)"\.(?P<provider_key>threshold)'
    r'|translations\.(?P<language>[A-Za-z0-9-]+)\."(?P<word>.*)"'
    r"|(?:rekognition's parents )?of \"(?P<descendant>.*)\"",
    re.DOTALL,
)
"""A name in a path is not escaped. If names hold the syntax of paths, the shortest name of a block is taken."""


class RulePath(Struct, frozen=True):
    """The place of a rule: ``key`` of the defaults, of the rule for a label, category or provider, or of a block.

    A label's or a category's rule may be in a block. In the table of translations for ``language``, ``key`` is the name
    of an entry. ``descendant`` is the label whose ancestor Rekognition says another one is.

    ``block`` counts the ``[[when]]`` blocks from 1, 0 is none; ``name`` is the block's name, or "".
    """

    key: str
    label: str | None = None
    block: int = 0
    name: str = ""
    provider: str = ""
    descendant: str = ""
    category: str = ""
    language: str = ""

    @property
    def steps(self) -> tuple[str | int, ...]:
        """Return the way to the key through the document; indexes count from 0."""
        found: tuple[str | int, ...] = ("when", self.block - 1) if self.block else ()
        if self.label is not None:
            return (*found, "labels", self.label, self.key)
        if self.category:
            return (*found, "categories", self.category, self.key)
        if self.provider:
            return ("providers", self.provider, self.key)
        if self.language:
            return ("translations", self.language, self.key)
        if not self.block:
            return ("defaults", self.key)
        return (
            (*found, "set", self.key)
            if self.key in ("threshold", "review", "max_tags", "agree")
            else (*found, self.key)
        )

    @property
    def title(self) -> str:
        """Return what the rule is called in a sentence, as its subject: in the plural only for the defaults."""
        block = f'the block "{self.name}"' if self.name else f"block {self.block}"
        if self.label is not None:
            return f"the rule for {self.label}" + (f" in {block}" if self.block else "")
        if self.category:
            return f"the rule for the category {self.category}" + (f" in {block}" if self.block else "")
        if self.provider:
            return f"the rule for {self.provider}"
        if self.descendant:
            return "Rekognition"
        if self.language:
            return f"the table of translations for {self.language}"
        return block if self.block else "the rules"

    def verb(self, singular: str, plural: str) -> str:
        """Return the title with its verb."""
        one = self.block or self.provider or self.category or self.descendant or self.language
        is_one = one or self.label is not None
        return f"{self.title} {singular if is_one else plural}"


def parse_rule_path(text: str) -> RulePath | None:
    """Return the key path ``text`` in its parts; None if it is not one."""
    match = _PATH.fullmatch(text)
    if match is None or (match["key"] and not match["block"]):
        return None
    if match["descendant"] is not None:
        return RulePath("ancestors", descendant=match["descendant"])
    if match["language"]:
        return RulePath(match["word"], language=match["language"])
    own = match["label_key"] or match["category_key"] or match["provider_key"]
    key = match["default"] or own or match["key"].removeprefix("set.")
    block, name = int(match["block"] or 0), match["name"] or ""
    return RulePath(key, match["label"], block, name, match["provider"] or "", category=match["category"] or "")
