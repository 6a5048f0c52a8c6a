"""The table with its words, printed or written into a rules file."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from autotag.domain.errors import Invalid
from autotag.domain.model.conversion import convert
from autotag.domain.rules.schema_values import Language, language_key
from autotag.domain.rules_text.settings import quoted, toml_text
from autotag.domain.rules_text.words import with_words
from autotag_cli.input.files import check_replaceable, place_beside, replace_contents
from autotag_cli.input.rules_file import rules_text
from autotag_cli.rules.translate.added import Added
from autotag_cli.terminal.output import counted, note, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autotag.domain.rules.schema import Rules
    from autotag_cli.rules.translate.collect import Translated
    from autotag_cli.rules.translate.wanted import Wanted


def check_code(option: str, code: str) -> None:
    """Raise ``Invalid`` if ``code`` has not the form of a language's code."""
    try:
        convert(code, Language)
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


def check_writable(out: str, text: str, need: "Wanted") -> None:
    """Raise ``Invalid`` if ``out`` could not be written with a word for each tag that is missing.

    It is called before any word is paid for.
    """
    check_replaceable(out)
    try:
        replaced = Path(out).resolve()
        beside = place_beside(replaced)
        beside.write_bytes(b"")
        beside.unlink()
    except OSError as error:
        raise Invalid(out, f"cannot be written ({error.strerror})") from error
    with_words(text, need.code, dict.fromkeys(need.missing, "x"))


def write_words(out: str | None, text: str, rules: "Rules", need: "Wanted", found: "Translated") -> None:
    """Print or write the table with its words, say what is missing, and raise the error that ended the translation.

    Words that do not fit into ``text`` are left out, and said. If ``out`` cannot be written, the table is printed.
    """
    written = found.words
    if out is None:
        _print_table(need, found.words)
    elif found.words or not Path(out).exists():
        added = Added(text, need.code)
        added.add(found.words)
        written = added.words
        for tag, reason in added.refused.items():
            note(printable(f"{tag}: {found.words[tag]!r} cannot be written, {reason}"))
        try:
            target = Path(out).resolve()
            replace_contents(target, added.edited.encode(), place_beside(target))
        except OSError as error:
            _print_table(need, found.words)
            raise Invalid(out, f"cannot be written ({error.strerror}): the words are printed instead") from error
    for sentence in found.unusable:
        note(printable(sentence))
    left = len(need.missing) - len(written)
    where = f"{out}: " if out else ""
    note(f"{where}{counted(len(written), 'new word')} in {need.code}; {left} of {need.tags} tags have none.")
    settings = (rules.defaults.languages, *(when.set.languages or () for when in rules.when))
    if language_key(need.code) not in {language_key(code) for codes in settings for code in codes}:
        note(f'To write them, name the language: languages = ["en", "{need.code}"] in [defaults].')
    if found.interrupted:
        note("Interrupted; the words that came are kept.")
        raise typer.Exit(1)
    if found.ended is not None:
        raise found.ended


def _print_table(need: "Wanted", words: "Mapping[str, str]") -> None:
    typer.echo(f"[translations.{need.code}]")
    for tag, word in (*need.words.items(), *words.items()):
        typer.echo(_escaped(f"{quoted(tag)} = {toml_text(word)}"))


def _escaped(line: str) -> str:
    """Return a line of TOML in which everything that is not printable is escaped, as TOML escapes it."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" if c <= "\uffff" else f"\\U{ord(c):08x}" for c in line)
