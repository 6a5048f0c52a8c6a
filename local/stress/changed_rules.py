"""Rules that change most assets of a library that the shipped rules tagged, and many of them alike."""

from collections import Counter
from collections.abc import Iterable

from autotag_cli.input.rules_file import SHIPPED

_RULES = """
[labels."{first}"]
tag = "{first} (renamed)"

[labels."{second}"]
threshold = 0.97

[[when]]
name = "the library"
folder = "{folder}/**"
add = ["archive"]
"""


def changed_rules(tags: Iterable[str], folder: str) -> str:
    """Return rules that rename the commonest of ``tags``, raise the threshold of the next and add one in ``folder``."""
    (first, _), (second, _) = Counter(tags).most_common(2)
    return SHIPPED.read_text(encoding="utf-8") + _RULES.format(first=first, second=second, folder=folder)
