"""Nothing that identifies an account is left of any body, wherever it stood; and the body keeps its structure."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from autotag_cli.capture.pseudonyms import Pseudonyms
from autotag_cli.capture.replacement import replace_identifiers
from autotag_cli.capture.vocabulary import FIELDS, FORMATS, NAME_MAPS, NUMBER_FIELDS, WORD_FIELDS
from tests.unit.autotag_cli.capture.shapes import read, shape
from tests.unit.captures import CAPTURES

KEY = b"a key of a test, 32 bytes long.."

ASCII = st.from_regex(r"qj[a-z]{4,10}[0-9]{0,4}", fullmatch=True)
SECRETS = st.one_of(
    ASCII,
    ASCII.map(str.upper),
    st.from_regex(r"[0-9a-f]{16}[0-9][0-9a-f]{15}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{9,14}", fullmatch=True),
    st.text("àéîõüžßžЖЯд中日本語한글🎸🦩", min_size=4, max_size=8),
)
"""Names, ids and keys that stand nowhere in Cloudinary's own vocabulary."""

CLOUD = "http://res.cloudinary.com"


@st.composite
def urls(draw: st.DrawFn) -> str:
    cloud, folder, name, signature = (draw(SECRETS) for _ in range(4))
    kind = draw(st.sampled_from(["image/upload", "video/authenticated", "raw/private", "image/fetch"]))
    middle = draw(st.sampled_from(["", f"/s--{signature}--", "/c_fill,w_100", f"/t_{signature}", f"/l_{signature}/v7"]))
    version = draw(st.sampled_from(["", "/v1791460800"]))
    query = draw(st.sampled_from(["", f"?{signature}={folder}", f"#{folder}"]))
    host = draw(st.sampled_from([f"{CLOUD}/{cloud}", f"https://{cloud}-res.cloudinary.com", f"https://{cloud}.com"]))
    return f"{host}/{kind}{middle}{version}/{folder}/{name}.jpg{query}"


TEXTS = st.one_of(
    SECRETS,
    urls(),
    st.lists(SECRETS, min_size=1, max_size=3).map("/".join),
    st.lists(SECRETS, min_size=1, max_size=3).map(" - ".join),
    SECRETS.map(lambda secret: f"{secret}@example.com"),
)
FREE = sorted(
    FIELDS - WORD_FIELDS - NUMBER_FIELDS - {"tag", "categories", "info", "categorization", "detection", "ocr"}
)
KEYS = st.sampled_from(FREE) | SECRETS
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
MAPS = st.dictionaries(SECRETS, TEXTS | st.dictionaries(SECRETS, TEXTS, max_size=2), max_size=3)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A known payload in which fields hold secrets, with further fields."""
    document = draw(st.sampled_from(CAPTURES)).document
    names = draw(st.lists(st.sampled_from(FREE), max_size=6))
    document |= {name: draw(VALUES) for name in names}
    document |= {name: draw(MAPS) for name in draw(st.lists(st.sampled_from(sorted(NAME_MAPS)), max_size=2))}
    if draw(st.booleans()):
        document["tags"] = draw(st.lists(TEXTS, max_size=4))
    return dict(draw(st.permutations(list(document.items()))))


def words(value: Any) -> set[str]:
    """Return the words of all texts and keys that a generated body holds, as ``SECRETS`` makes them."""
    if isinstance(value, dict):
        return {word for key, inner in value.items() for word in words(key) | words(inner)}
    if isinstance(value, list):
        return {word for inner in value for word in words(inner)}
    if not isinstance(value, str):
        return set()
    separators = str.maketrans(dict.fromkeys("/ -@.:?=#,_", " "))
    return {word for word in value.translate(separators).split() if _is_secret(word)}


def _is_secret(word: str) -> bool:
    is_id = len(word) >= 10 and any(character.isdigit() for character in word)
    return (word.lower().startswith("qj") and len(word) >= 6) or not word.isascii() or is_id


@given(bodies())
def test_nothing_of_the_original_identifiers_is_left(body: dict[str, Any]) -> None:
    replaced = replace_identifiers(body, KEY).document
    left = json.dumps(replaced, ensure_ascii=False).casefold()
    kept = {str(body.get("version")), "1791460800", "2026-05-07T12", "google_video_moderation"}
    secrets = {word for word in words(body) if word not in kept and not _is_time(word)}
    assert not [word for word in secrets if word.casefold() in left]


def _is_time(word: str) -> bool:
    return (word[:2].isdigit() and "T" in word) or (word.startswith("v") and word[1:].isdigit())


@given(bodies())
def test_a_body_keeps_its_structure_and_the_parser_reads_the_same(body: dict[str, Any]) -> None:
    replaced = replace_identifiers(body, KEY).document
    assert len(replaced) == len(body) and shape(replaced) == shape(body)
    before, after = (json.dumps(document).encode() for document in (body, replaced))
    assert read(after) == read(before)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=30, unique=True))
def test_different_texts_stay_different_and_keep_their_length(texts: list[str]) -> None:
    names = Pseudonyms(KEY, texts)
    replaced = [names.replace(text) for text in texts]
    assert len(set(replaced)) == len(set(texts))
    assert [names.replace(text) for text in texts] == replaced


def test_as_many_single_letters_as_there_are_stay_different() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    names = Pseudonyms(KEY, letters)
    replaced = [names.replace(letter) for letter in letters]
    assert len(set(replaced)) == len(letters) and not set(replaced) & set(letters)
    assert all(name[0].isdigit() == letter.isdigit() for letter, name in zip(letters, replaced, strict=True))


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_becomes_a_number_of_its_type(number: int | float) -> None:
    found = Pseudonyms(KEY, [str(number)]).number(number)
    assert type(found) is type(number)


def test_no_format_is_a_word_that_a_secret_could_be() -> None:
    assert not [name for name in FIELDS | FORMATS if _is_secret(name)]
