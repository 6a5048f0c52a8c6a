"""The table with its words, printed or written into a rules file."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from autotag.domain.errors import Invalid
from autotag.domain.rules.schema_values import Language, language_key
from autotag.domain.rules_text.settings import quoted, toml_text
from autotag.domain.rules_text.words import with_words
from autotag_cli.input.rules_file import rules_text
from autotag_cli.terminal.output import counted, note, printable

if TYPE_CHECKING:
    from autotag.domain.rules.schema import Rules
    from autotag_cli.rules.translate.collect import Translated
    from autotag_cli.rules.translate.wanted import Wanted


def check_code(option: str, code: str) -> None:
    """Raise ``Invalid`` if ``code`` has not the form of a language's code."""
    try:
        msgspec.convert(code, Language)
    except msgspec.ValidationError as error:
        raise Invalid(option, f"found {code!r}, expected the code of a language, such as de or pt-BR") from error


def rules_to_change(out: str | None, text: str, rules: str | None) -> str:
    """Return the text that gets the words: that of the file ``out`` if it is there, else ``text``.

    Raises ``Invalid`` if ``out`` is there and other rules are named, so that neither is taken for the other.
    """
    if out is None or not Path(out).exists():
        return text
    if rules is not None and Path(rules).resolve() != Path(out).resolve():
        raise Invalid(out, f"is there already: words are added to it with --rules {out}, or write another file")
    return rules_text(out)


def write_words(out: str | None, text: str, rules: "Rules", need: "Wanted", found: "Translated") -> None:
    """Print or write the table with its words, say what is missing, and raise the error that ended the translation."""
    if out is None:
        typer.echo(f"[translations.{need.code}]")
        for tag, word in (*need.words.items(), *found.words.items()):
            typer.echo(printable(f"{quoted(tag)} = {toml_text(word)}"))
    elif found.words or not Path(out).exists():
        try:
            Path(out).write_bytes(with_words(text, need.code, found.words).encode())
        except OSError as error:
            raise Invalid(out, f"cannot be written ({error.strerror})") from error
    for sentence in found.unusable:
        note(printable(sentence))
    left = len(need.missing) - len(found.words)
    where = f"{out}: " if out else ""
    note(f"{where}{counted(len(found.words), 'new word')} in {need.code}; {left} of {need.tags} tags have none.")
    settings = (rules.defaults.languages, *(when.set.languages or () for when in rules.when))
    if language_key(need.code) not in {language_key(code) for codes in settings for code in codes}:
        note(f'To write them, name the language: languages = ["en", "{need.code}"] in [defaults].')
    if found.interrupted:
        note("Interrupted; the words that came are kept.")
        raise typer.Exit(1)
    if found.ended is not None:
        raise found.ended
