"""A sentence in plain words, in parts of which some are to be shown in bold."""

from collections.abc import Iterable

from msgspec import Struct


class Part(Struct, frozen=True):
    """A part of a sentence; ``bold``: it is a name to be shown in bold. Nothing in ``text`` is escaped."""

    text: str
    bold: bool = False


class Sentence(Struct, frozen=True):
    """One sentence, or a few. ``text`` is that of all ``parts``.

    ``rule`` is the key path of the rule behind it, such as ``defaults.threshold``, or "".
    """

    text: str
    parts: tuple[Part, ...]
    rule: str = ""


Parts = tuple[Part, ...]


def bold(text: str) -> Part:
    """Return a name that is to be shown in bold."""
    return Part(text, bold=True)


def parts(*pieces: str | Part | Parts) -> Parts:
    """Return the pieces as parts, without empty ones; plain text that follows plain text is one part."""
    found: list[Part] = []
    for piece in pieces:
        for part in piece if isinstance(piece, tuple) else (Part(piece) if isinstance(piece, str) else piece,):
            if found and not part.bold and not found[-1].bold:
                found[-1] = Part(found[-1].text + part.text)
            elif part.text:
                found.append(part)
    return tuple(found)


def sentence(*pieces: str | Part | Parts, rule: str = "") -> Sentence:
    """Return the sentence that the pieces are together."""
    found = parts(*pieces)
    return Sentence("".join(part.text for part in found), found, rule)


def listed(names: Iterable[str]) -> Parts:
    """Return names in bold, as a list in words: ``a``, ``b and c``."""
    found = list(names)
    pieces: list[str | Part] = []
    for i, name in enumerate(found):
        pieces += [("" if i == 0 else " and " if i == len(found) - 1 else ", "), bold(name)]
    return parts(*pieces)
