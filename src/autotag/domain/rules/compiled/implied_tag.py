"""A tag that comes without a label of its own."""

from msgspec import Struct

from autotag.domain.rules.compiled.languages import Word


class ImpliedTag(Struct, frozen=True, gc=False):
    """A tag that is implied by ``name``: a parent, an addition, or an ancestor that Rekognition names.

    ``key`` is the name's key. Where a rule implies the tag, ``sources`` holds only it. ``refused``: the tag is denied,
    or cannot be written. ``words`` and ``translated`` are those of ``LabelPlan``.
    """

    name: str
    key: str
    sources: tuple[str, ...]
    tag: str
    tag_key: str
    priority: int
    refused: bool
    words: tuple[Word, ...] = ()
    translated: str = ""

    @property
    def name_key(self) -> str:
        """Return the key of the tag before case and prefix."""
        return self.sources[-1]


Implied = tuple[tuple[ImpliedTag, str], ...]
"""Implied tags, each with the path of the rule that implies it."""
