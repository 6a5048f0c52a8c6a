"""What a sentence for people may not hold: the syntax of key paths, and Python's."""

import re

from autotag.domain.sentences.sentence import Sentence

_SYNTAX = re.compile(
    r"when\[|labels\.|defaults\.|\bset\.|data\[|\.threshold|\.parents|max_tags|below_threshold|not_allowed|over_max"
    r"|\bNone\b|NoneType|\bUNSET\b|True\b|False\b|[({\[]'|'\]|\(\)|<\w+|=|\\x|\\u|  |\.\.|\bstr\b|\bdict\b|[a-z_]+\(\)"
)


def checked(sentence: Sentence) -> str:
    """Return the text of a sentence that is in plain words besides its names, and that its parts make up."""
    text = "".join(part.text for part in sentence.parts)
    assert sentence.text == text and all(part.text for part in sentence.parts)
    assert text.endswith(".") and text[0] not in " .,;", text
    plain = "".join("NAME" if part.bold else part.text for part in sentence.parts)
    assert _SYNTAX.search(plain) is None, text
    return text


def bold_names(sentence: Sentence) -> list[str]:
    """Return what is to be printed in bold."""
    return [part.text for part in sentence.parts if part.bold]
