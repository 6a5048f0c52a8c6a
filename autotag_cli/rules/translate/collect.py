"""Words for tags, asked for one after the other: what came so far is kept, whatever happens."""

from collections.abc import Callable, Iterable

from msgspec import Struct, field

from autotag.domain.errors import AutotagError
from autotag_cli.rules.translate.amazon import RefusedText
from autotag_cli.rules.translate.words_file import why_no_tag


class Translated(Struct):
    """The ``words`` by tag, and what is no tag, as sentences. ``ended`` is the error that ended it early, or None.

    ``interrupted``: a person ended it.
    """

    words: dict[str, str] = field(default_factory=dict)
    unusable: list[str] = field(default_factory=list)
    ended: AutotagError | None = None
    interrupted: bool = False


def translated(tags: Iterable[str], word: Callable[[str], str], done: Callable[[], None]) -> Translated:
    """Return what ``word`` says of each tag; ``done`` is called after each."""
    found = Translated()
    try:
        for tag in tags:
            try:
                answer = word(tag)
            except RefusedText as error:
                found.unusable.append(f"{tag}: Amazon Translate does not take it, {error}")
            else:
                if why := why_no_tag(answer):
                    found.unusable.append(f"{tag}: {answer!r} can be no tag, {why}")
                else:
                    found.words[tag] = answer
            done()
    except AutotagError as error:
        found.ended = error
    except (KeyboardInterrupt, SystemExit):  # SystemExit: terminated while the progress is shown
        found.interrupted = True
    return found
