"""Every key of the grammar: what it changes, and what it refuses. The last test fails for a key that is left out."""

import pytest
from msgspec import inspect

from autotag.domain.rules.parse import examine
from autotag.domain.rules.schema import Rules
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.rules.rule_keys import (
    NO_CHOICE,
    NO_COUNT,
    NO_LANGUAGES,
    NO_METADATA,
    NO_NAMES,
    NO_NUMBER,
    NO_PREFIX,
    NO_TABLE,
    NO_TAG,
    NO_TAGS,
    NO_TRANSLATIONS,
    NO_TRUTH,
    Key,
    grammar,
    mode,
    of_koala,
    reasons,
    review,
)

X = 'add = ["x"]'
GERMAN = '[translations]\nde.Guitar = "Gitarre"'
SET = "set.threshold = 0.5"
KEYS = {
    "name": Key('"acme"', "default", "acme", ('""', f'"{"x" * 101}"', "1", "[]"), lambda text: book(text).name),
    "defaults": Key("{ threshold = 0.5 }", ("Guitar",), ("Guitar", "Drum"), NO_TABLE),
    "defaults.threshold": Key("0.6", ("Guitar",), ("Guitar", "Drum"), NO_NUMBER),
    "defaults.review": Key("0.6", (), ("Drum",), NO_NUMBER, review),
    "defaults.max_tags": Key("1", ("Guitar", "Drum"), ("Guitar",), NO_COUNT, rest="threshold = 0.5"),
    "defaults.case": Key('"lower"', ("Guitar",), ("guitar",), NO_CHOICE),
    "defaults.prefix": Key('"auto:"', ("Guitar",), ("auto:Guitar",), NO_PREFIX),
    "defaults.mode": Key('"dry_run"', "apply", "dry_run", NO_CHOICE, mode),
    "defaults.providers": Key(
        '["google_tagging"]',
        ("aws_rek_tagging",),
        ("google_tagging",),
        ('["clarifai"]', "[]", '"aws_rek_tagging"', "[1]"),
        lambda text: book(text).providers,
    ),
    "defaults.agree": Key(
        "2",
        ("Guitar",),
        (),
        ('"2"', "true", "0", "9", "1.5", "[2]"),
        rest='providers = ["aws_rek_tagging", "google_tagging"]',
    ),
    "defaults.ancestors": Key(
        '"imply"',
        ("Animal", "Koala"),
        ("Animal", "Koala", "Mammal"),
        NO_CHOICE,
        of_koala,
        'providers = ["rekognition"]',
    ),
    "defaults.languages": Key('["en", "de"]', ("Guitar",), ("Guitar", "Gitarre"), NO_LANGUAGES, rest=GERMAN),
    "defaults.deny": Key('["guitar"]', ("Guitar",), (), NO_NAMES),
    "defaults.allow": Key('["drum"]', ("Guitar", "Drum"), ("Drum",), NO_NAMES, rest="threshold = 0.5"),
    # what adopting does to an asset: tests/unit/service/tagging/people/test_adopt.py
    "defaults.auto_tagged": Key('"adopt"', False, True, NO_CHOICE, lambda text: book(text).adopts),
    # what follows a move: tests/unit/service/tagging/lifecycle/test_asset_facts.py
    "defaults.on_move": Key('"note"', True, False, NO_CHOICE, lambda text: book(text).follows),
    "providers": Key(
        "{ aws_rek_tagging.threshold = 0.5 }",
        ("Guitar",),
        ("Guitar", "Drum"),
        (*NO_TABLE, "{ other = {} }", "{ aws_rek_tagging = 1 }"),
    ),
    "providers.*.threshold": Key("0.81", ("Guitar",), (), NO_NUMBER),
    "labels": Key("{ Drum.threshold = 0.5 }", ("Guitar",), ("Guitar", "Drum"), (*NO_TABLE, '{ "" = {} }', "{ A = 1 }")),
    "labels.*.threshold": Key("0.81", ("Guitar",), (), NO_NUMBER),
    "labels.*.tag": Key('"six strings"', ("Guitar",), ("six strings",), NO_TAG),
    "labels.*.parents": Key('["music"]', ("Guitar",), ("Guitar", "music"), NO_TAGS),
    "labels.*.priority": Key(
        "-1",
        ("Guitar",),
        ("Drum",),
        ('"1"', "1.5", "true", "1000001", "-1000001"),
        rest="[defaults]\nthreshold = 0.5\nmax_tags = 1",
    ),
    "categories": Key("{ Guitar.threshold = 0.81 }", ("Guitar",), (), (*NO_TABLE, '{ "" = {} }', "{ A = 1 }")),
    "categories.*.threshold": Key("0.81", ("Guitar",), (), NO_NUMBER),
    "categories.*.review": Key("0.7", (), ("Guitar",), NO_NUMBER, review, "[defaults]\nthreshold = 0.9"),
    "categories.*.deny": Key("true", ("Guitar",), (), NO_TRUTH),
    "categories.*.parents": Key('["music"]', ("Guitar",), ("Guitar", "music"), NO_TAGS),
    "categories.*.priority": Key(
        "-1",
        ("Guitar",),
        ("Drum",),
        ('"1"', "1.5", "true", "1000001", "-1000001"),
        rest="[defaults]\nthreshold = 0.5\nmax_tags = 1",
    ),
    "translations": Key(
        '{ de.guitar = "Gitarre" }',
        ("Guitar",),
        ("Gitarre",),
        NO_TRANSLATIONS,
        rest='[defaults]\nlanguages = ["de"]',
    ),
    "when": Key('[{ add = ["x"] }]', ("Guitar",), ("x", "Guitar"), ("{}", "1", "[1]", '"x"')),
    "when[].name": Key(
        '"stage"',
        "when[1].set.threshold",
        'when[1] "stage".set.threshold',
        (f'"{"x" * 101}"', "1", "[]"),
        reasons,
        rest=SET,
    ),
    "when[].folder": Key('"zoo/**"', ("x", "Guitar"), ("Guitar",), ("1", '["stage"]', f'"{"x" * 1001}"'), rest=X),
    "when[].folder_not": Key(
        '"stage/*"', ("x", "Guitar"), ("Guitar",), ("1", "[]", "[1]", f'"{"x" * 1001}"', f'["{"x" * 1001}"]'), rest=X
    ),
    "when[].resource_type": Key(
        '["video", "raw"]', ("x", "Guitar"), ("Guitar",), ('"image"', "[]", '["images"]', "[1]"), rest=X
    ),
    "when[].format": Key(
        '["png"]', ("x", "Guitar"), ("Guitar",), ('"jpg"', "[]", "[1]", '[""]', '["."]', '[" "]'), rest=X
    ),
    "when[].tags_any": Key('["news"]', ("x", "Guitar"), ("Guitar",), ('"press"', "[]", "[1]", '[""]'), rest=X),
    "when[].tags_none": Key('["press"]', ("x", "Guitar"), ("Guitar",), ('"press"', "[]", "[1]", '[""]'), rest=X),
    "when[].context": Key(
        '{ license = "free" }', ("x", "Guitar"), ("Guitar",), ('"x"', "{ n = 7 }", '{ "" = "x" }', "[]"), rest=X
    ),
    "when[].metadata": Key(
        '{ licence = "press", use = ["tv"] }',
        ("x", "Guitar"),
        ("Guitar",),
        NO_METADATA,
        rest=X,
    ),
    "when[].labels_any": Key('["Violin"]', ("x", "Guitar"), ("Guitar",), ('"Guitar"', "[]", "[1]", '[" "]'), rest=X),
    "when[].labels_all": Key(
        '["Guitar", "Drum"]', ("x", "Guitar"), ("Guitar",), ('"Guitar"', "[]", "[1]", '[" "]'), rest=X
    ),
    "when[].labels_none": Key('["Guitar"]', ("x", "Guitar"), ("Guitar",), ('"Guitar"', "[]", "[1]", '[" "]'), rest=X),
    "when[].set": Key("{ threshold = 0.5 }", ("Guitar",), ("Guitar", "Drum"), (*NO_TABLE, '{ deny = ["x"] }')),
    "when[].set.threshold": Key("0.5", ("Guitar",), ("Guitar", "Drum"), NO_NUMBER),
    "when[].set.review": Key("0.5", (), ("Drum",), NO_NUMBER, review),
    "when[].set.max_tags": Key("0", ("Guitar",), (), NO_COUNT),
    "when[].set.agree": Key(
        "2",
        ("Guitar",),
        (),
        ('"2"', "true", "0", "9", "1.5", "[2]"),
        rest='[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]',
    ),
    "when[].set.ancestors": Key(
        '"drop"', ("Animal", "Koala"), ("Koala",), NO_CHOICE, of_koala, '[defaults]\nproviders = ["rekognition"]'
    ),
    "when[].set.languages": Key('["de"]', ("Guitar",), ("Gitarre",), NO_LANGUAGES, rest=GERMAN),
    "when[].set.case": Key('"lower"', ("Guitar",), ("guitar",), NO_CHOICE),
    "when[].set.prefix": Key('"auto:"', ("Guitar",), ("auto:Guitar",), NO_PREFIX),
    "when[].set.mode": Key('"dry_run"', "apply", "dry_run", NO_CHOICE, mode),
    "when[].labels": Key("{ Drum.threshold = 0.5 }", ("Guitar",), ("Guitar", "Drum"), (*NO_TABLE, "{ A = 1 }")),
    "when[].labels.*.threshold": Key("0.81", ("Guitar",), (), NO_NUMBER),
    "when[].labels.*.tag": Key('"six strings"', ("Guitar",), ("six strings",), NO_TAG),
    "when[].labels.*.parents": Key('["music"]', ("Guitar",), ("Guitar", "music"), NO_TAGS),
    "when[].labels.*.priority": Key(
        "-1",
        ("Guitar",),
        ("Drum",),
        ('"1"', "1.5", "true", "1000001", "-1000001"),
        rest="set = { threshold = 0.5, max_tags = 1 }",
    ),
    "when[].categories": Key("{ Guitar.threshold = 0.81 }", ("Guitar",), (), (*NO_TABLE, "{ A = 1 }")),
    "when[].categories.*.threshold": Key("0.81", ("Guitar",), (), NO_NUMBER),
    "when[].categories.*.review": Key("0.7", (), ("Guitar",), NO_NUMBER, review, "set.threshold = 0.9"),
    "when[].categories.*.deny": Key("true", ("Guitar",), (), NO_TRUTH),
    "when[].categories.*.parents": Key('["music"]', ("Guitar",), ("Guitar", "music"), NO_TAGS),
    "when[].categories.*.priority": Key(
        "-1",
        ("Guitar",),
        ("Drum",),
        ('"1"', "1.5", "true", "1000001", "-1000001"),
        rest="set = { threshold = 0.5, max_tags = 1 }",
    ),
    "when[].add": Key('["x"]', ("Guitar",), ("x", "Guitar"), NO_TAGS),
    "when[].skip": Key("true", ("Guitar",), (), NO_TRUTH),
}


def written(path: str, value: str | None, rest: str) -> str:
    """Return a file that says ``value`` for the key, or leaves it out, and ``rest`` in the same table."""
    head, dot, key = path.rpartition(".")
    table, inner = "", key
    if path.startswith("when[]."):
        table, inner = "[[when]]\n", path.removeprefix("when[].").replace("*", "Guitar")
    elif path.startswith("providers."):
        inner = path.replace("*", "aws_rek_tagging")
    elif path.startswith(("labels.", "categories.")):
        inner = path.replace("*", "Guitar")
    elif dot:
        table = f"[{head}]\n"
    line = "" if value is None else f"{inner} = {value}\n"
    return f"{table}{line}{rest}\n"


@pytest.mark.parametrize("path", KEYS)
def test_the_key_has_its_effect(path: str) -> None:
    key = KEYS[path]
    without, with_it = written(path, None, key.rest), written(path, key.value, key.rest)
    assert key.look(without) == key.without
    assert key.look(with_it) == key.seen
    assert examine(with_it).rules is not None


@pytest.mark.parametrize(("path", "value"), [(path, value) for path, key in KEYS.items() for value in key.refused])
def test_the_key_refuses_what_it_does_not_take(path: str, value: str) -> None:
    faults = examine(written(path, value, KEYS[path].rest)).errors
    named = path.replace("labels.*", 'labels."Guitar"').replace("providers.*", 'providers."aws_rek_tagging"')
    named = named.replace("categories.*", 'categories."Guitar"')
    (fault,) = faults
    assert fault.where.startswith(named.replace("when[]", "when[1]")) and fault.found and fault.expected


@pytest.mark.parametrize("path", KEYS)
def test_a_misspelt_key_is_refused_and_the_right_one_suggested(path: str) -> None:
    head, _, name = path.rpartition(".")
    wrong = f"{head}.{name}s" if head else f"{name}s"
    (fault,) = examine(written(wrong, KEYS[path].value, KEYS[path].rest)).errors
    assert fault.found == "an unknown key" and fault.suggestion == name


def test_the_table_has_every_key_of_the_grammar_and_no_other() -> None:
    assert sorted(KEYS) == sorted(grammar(inspect.type_info(Rules)))
