"""Sentences on a terminal: names in bold, and the rule's key path behind the sentence."""

from rich.text import Text

from autotag.domain.sentences.sentence import Sentence
from autotag_cli.terminal.output import printable


def sentence_text(sentence: Sentence, style: str = "") -> Text:
    """Return ``sentence`` for a console, escaped: its names in bold and in ``style``, its rule dim at the end."""
    pieces = [(printable(part.text), f"bold {style}".strip() if part.bold else "") for part in sentence.parts]
    rule = [(f"  {printable(sentence.rule)}", "dim")] if sentence.rule else []
    return Text.assemble(*pieces, *rule, overflow="fold")
