"""Names as they are: what cannot be seen in a text, or turns its direction, is shown by its code."""

import unicodedata

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode's categories of control, format (also bidirectional), surrogate, private and unassigned characters, and of
separators of lines."""


def visible(text: object) -> str:
    """Return ``text`` with such characters as their codes, for example ``⟨U+202E⟩``. Markup is Jinja's own matter."""
    return "".join(
        f"⟨U+{ord(character):04X}⟩" if unicodedata.category(character) in _INVISIBLE else character
        for character in str(text)
    )
