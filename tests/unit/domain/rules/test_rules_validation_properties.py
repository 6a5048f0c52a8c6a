"""Validation finds a fault exactly where reading does, on random documents."""

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.schema_check import SchemaCheck
from tests.unit.domain.rules.rule_keys import KEYS_OF_DEFAULTS, KEYS_OF_LABELS, KEYS_OF_WHEN

SCALARS = (
    st.none().map(lambda _: "")
    | st.booleans()
    | st.integers()
    | st.integers(-2, 1001)
    | st.floats()
    | st.sampled_from([0.5, "a", "a,b", " a", "a\n", "a\x00", "é" * 255, "x" * 256, "lower", "apply", "adopt"])
    | st.sampled_from(["aws_rek_tagging", "auto:", "jpg", ".", "\u2028", "x" * 101])
    | st.text(max_size=3)
    | st.datetimes()
)
NAMES = st.sampled_from(
    f"name, defaults, labels, when, {KEYS_OF_DEFAULTS}, {KEYS_OF_LABELS}, {KEYS_OF_WHEN}, thresold".split(", ")
) | st.text(max_size=2)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
TABLES = {
    "defaults": KEYS_OF_DEFAULTS.split(", "),
    "set": KEYS_OF_DEFAULTS.split(", ")[:6],
    "label": KEYS_OF_LABELS.split(", "),
    "when": KEYS_OF_WHEN.split(", "),
}
TABLE = {name: st.dictionaries(st.sampled_from(keys), VALUES, max_size=3) for name, keys in TABLES.items()}
LABEL_TABLES = st.dictionaries(st.text(max_size=3), TABLE["label"], max_size=2)
BLOCKS = st.builds(
    lambda block, set_, labels: {**block, **set_, **labels},
    TABLE["when"],
    st.just({}) | st.builds(lambda table: {"set": table}, TABLE["set"]),
    st.just({}) | st.builds(lambda table: {"labels": table}, LABEL_TABLES),
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=3) | st.fixed_dictionaries(
    {}, optional={"defaults": TABLE["defaults"], "labels": LABEL_TABLES, "when": st.lists(BLOCKS, max_size=2)}
)


@given(document=DOCUMENTS)
@example(document={"defaults": {"max_tags": 5.0}})
@example(document={"defaults": {"threshold": 10**400}})
@example(document={"labels": {"A": {"tag": "a\n"}, " ": {}}})
def test_validation_finds_a_fault_exactly_where_reading_does(document: dict[str, object]) -> None:
    try:
        rules = msgspec.convert(document, Rules)
    except msgspec.ValidationError:
        rules = None
    check = SchemaCheck(document)
    assert (check.errors == []) == (rules is not None)
    readable = msgspec.convert(check.readable, Rules)
    assert rules is None or readable == rules
