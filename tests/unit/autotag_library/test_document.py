"""docs/export.md: its table of columns, its definition for Athena, and its questions, each asked of an export."""

import re
from pathlib import Path

import duckdb
import pytest
from msgspec.structs import replace

from autotag_library.columns.schema import COLUMNS
from tests.unit.autotag_cli.made_up_history import Known, history, scanned
from tests.unit.autotag_library.libraries import columns_of

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "export.md").read_text(encoding="utf-8")
QUERIES = [query for query in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL) if "library.parquet" in query]


def athena_type(sql: str) -> str:
    """Return the type of Athena that stands for one of DuckDB."""
    for ours, theirs in (("VARCHAR", "string"), ("BIGINT", "bigint"), ("DOUBLE", "double"), ("JSON", "string")):
        sql = sql.replace(ours, theirs)
    sql = re.sub(r"MAP\((\w+), (\w+)\)", r"map<\1,\2>", sql)
    if struct := re.fullmatch(r"STRUCT\((.*)\)\[\]", sql):
        fields = (field.replace(" ", ":") for field in struct[1].split(", "))
        return f"array<struct<{','.join(fields)}>>"
    return f"array<{sql[:-2]}>" if sql.endswith("[]") else sql


def test_the_table_is_the_schema() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [(each.name, each.type, each.holds) for each in COLUMNS]


def test_the_definition_for_athena_has_all_columns() -> None:
    definition = re.search(r"CREATE EXTERNAL TABLE autotag_assets \(\n(.*?)\n\)", PAGE, re.DOTALL)
    assert definition is not None
    assert re.findall(r"^  `(\w+)` (\S+?),?$", definition[1], re.MULTILINE) == [
        (each.name, athena_type(each.type)) for each in COLUMNS
    ]


@pytest.mark.parametrize("query", QUERIES)
def test_each_question_has_an_answer(query: str) -> None:
    labels = {"Dog": Known(0.5, 0.7, 60), "Cat": Known(0.9, 0.7, 40)}
    assets = [replace(scanned(state), review=("Dog",)) for state in history(labels, 1)]
    with columns_of(assets) as file:
        found = duckdb.sql(query.replace("library.parquet", str(file)))
        assert found is not None and found.fetchall()
