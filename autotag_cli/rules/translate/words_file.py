"""Words of a language from a CSV file with the columns ``tag`` and ``word``."""

import csv
import io
from collections.abc import Iterable, Mapping

import msgspec

from autotag.domain.errors import Invalid
from autotag.domain.model.conversion import convert
from autotag.domain.model.labels import label_key
from autotag.domain.rules.schema_values import Tag
from autotag_cli.input.files import display_name, read_bytes

_COLUMNS = ("tag", "word")


def read_words(path: str) -> dict[str, str]:
    """Return the words in a CSV file, by the keys of their tags; a line without a word is left out.

    Raises ``Invalid`` that names the file and the line: it is no UTF-8, lacks a column or has it twice, or holds a word
    that is no tag, or two words for one tag.
    """
    name = display_name(path)
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(name, "is not UTF-8: save it as CSV UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        head = [column.strip().lower() for column in reader.fieldnames or ()]
        reader.fieldnames = head
        if missing := [column for column in _COLUMNS if column not in head]:
            raise Invalid(f"{name}:1", f"has no column {' and no column '.join(missing)}, expected tag,word")
        if twice := [column for column in _COLUMNS if head.count(column) > 1]:
            raise Invalid(f"{name}:1", f"has the column {twice[0]} twice, expected it once")
        found: dict[str, str] = {}
        for row in reader:
            tag, word = ((row[column] or "").strip() for column in _COLUMNS)
            if tag and word and found.setdefault(label_key(tag), _checked(word, f"{name}:{reader.line_num}")) != word:
                raise Invalid(f"{name}:{reader.line_num}", f"has another word for {tag}, expected one for each tag")
    except csv.Error as error:
        raise Invalid(f"{name}:{reader.line_num}", f"is no CSV ({error})") from error
    return found


def words_of(tags: Iterable[str], words: Mapping[str, str]) -> dict[str, str]:
    """Return the words of ``tags``; ``words`` are by key."""
    return {tag: words[label_key(tag)] for tag in tags if label_key(tag) in words}


def why_no_tag(word: str) -> str:
    """Return why ``word`` can be no tag, "" if it can."""
    try:
        convert(word, Tag)
    except msgspec.ValidationError:
        return "expected 1 to 255 characters, no comma, no control or invisible character"
    return ""


def _checked(word: str, where: str) -> str:
    if why := why_no_tag(word):
        raise Invalid(where, f"found {word!r}, {why}")
    return word
