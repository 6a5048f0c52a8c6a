"""``autotag rules schema``: what editors know of the grammar."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from autotag_cli.input.rules_file import SHIPPED
from tests.unit.autotag_cli.run_command import PROJECT, autotag

DOCS = PROJECT / "docs"
EXAMPLE = DOCS / "rules.example.toml"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(autotag("rules", "schema").stdout)
    return printed


def faults(schema: dict[str, Any], text: str) -> list[str]:
    """Return the paths of what the schema refuses in a rules file."""
    found = Draft202012Validator(schema).iter_errors(tomllib.loads(text))
    return sorted(fault.json_path for fault in found)


def tables(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [schema, *schema["$defs"].values()]


def test_it_is_a_schema_of_the_dialect_that_it_names(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_the_file_that_is_shipped_with_the_docs_is_what_the_command_prints() -> None:
    assert (DOCS / "rules.schema.json").read_text(encoding="utf-8") == autotag("rules", "schema").stdout


@pytest.mark.parametrize("path", [SHIPPED, EXAMPLE], ids=["shipped", "example"])
def test_the_projects_files_name_it_and_it_accepts_them(schema: dict[str, Any], path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    directive, named = text.splitlines()[0].split(" ")
    assert directive == "#:schema" and (path.parent / named).resolve() == DOCS / "rules.schema.json"
    assert faults(schema, text) == []


def test_the_example_has_every_key_of_every_table(schema: dict[str, Any]) -> None:
    example = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    (block,) = example["when"]
    written = (example, example["defaults"], example["labels"]["Electric Guitar"], block["set"], block)
    names = ("Defaults", "LabelRule", "Overrides", "When")
    known = (schema, *(schema["$defs"][name] for name in names))
    assert [set(table) for table in written] == [set(table["properties"]) for table in known]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[labels.Guitar]\nthresold = 0.6", "$.labels.Guitar"),
        ("[defaults]\nthreshold = 70", "$.defaults.threshold"),
        ('[labels.Guitar]\ntag = "a, b"', "$.labels.Guitar.tag"),
        ('[defaults]\nproviders = ["clarifai"]', "$.defaults.providers[0]"),
        ("[[when]]\nformat = []", "$.when[0].format"),
        ('[defaults]\ndeny = "Human"', "$.defaults.deny"),
        ('[labels.""]', "$.labels"),
        ('[[when]]\ncontext = { "" = "x" }', "$.when[0].context"),
        ('[[when]]\nset.case = "upper"', "$.when[0].set.case"),
    ],
)
def test_it_refuses_what_a_schema_can_tell(schema: dict[str, Any], text: str, path: str) -> None:
    assert faults(schema, text) == [path]


def test_no_table_takes_other_keys_and_each_table_and_key_is_explained(schema: dict[str, Any]) -> None:
    for table in tables(schema):
        assert table["additionalProperties"] is False
        assert table["title"] and table["description"]
        for key, says in table["properties"].items():
            assert says["description"].endswith("."), key


def test_what_is_left_out_shows_its_default_and_null_which_toml_lacks_is_never_offered(schema: dict[str, Any]) -> None:
    defaults = schema["$defs"]["Defaults"]["properties"]
    assert {key: says.get("default") for key, says in defaults.items()} == {
        "threshold": 0.7,
        "review": None,
        "max_tags": 1000,
        "case": "keep",
        "prefix": "",
        "mode": "apply",
        "providers": ["aws_rek_tagging"],
        "agree": 1,
        "ancestors": "keep",
        "languages": [],
        "deny": [],
        "allow": [],
        "auto_tagged": "leave",
        "on_move": "decide",
    }
    assert "null" not in json.dumps(schema)
