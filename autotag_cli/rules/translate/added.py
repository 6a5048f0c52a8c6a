"""Words that the text of rules takes: one that does not fit keeps no other one out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autotag.domain.errors import Invalid
from autotag.domain.rules_text.words import with_words


@dataclass
class Added:
    """The rules in ``text`` with the ``words`` that fit, by tag, in the table of the language ``code``.

    ``refused`` are the others, with the reason.
    """

    text: str
    code: str
    words: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def edited(self) -> str:
        """Return the text with the words."""
        return with_words(self.text, self.code, self.words)

    def add(self, words: Mapping[str, str]) -> None:
        """Add all of ``words`` that fit: together if possible, else by halves, so that few texts are read."""
        together = {**self.words, **words}
        try:
            with_words(self.text, self.code, together)
        except Invalid as error:
            if len(words) == 1:
                self.refused[next(iter(words))] = str(error)
                return
            pairs = list(words.items())
            for half in (pairs[: len(pairs) // 2], pairs[len(pairs) // 2 :]):
                self.add(dict(half))
        else:
            self.words = together
