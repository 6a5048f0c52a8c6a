"""The columns of an export as Parquet: one row for each asset, sorted by name.

Column names are those of the JSON lines, and nested values are lists of structs, so that DuckDB, Athena and Spark read
the file as it is.
"""

from typing import NamedTuple

FORM = 1
"""The version of the schema; it is in the file's metadata, with the stack and the time."""

METADATA_KEY = "autotag_library"

ROW_GROUP = 16_384
"""Assets of a row group, the unit in which the file is read."""


class Column(NamedTuple):
    """One column: its name, its type in SQL, and what it holds."""

    name: str
    type: str
    holds: str


COLUMNS = (
    Column("n", "BIGINT", "the row, from 0: assets are sorted by public_id"),
    Column("asset_id", "VARCHAR", "Cloudinary's name of the asset for good"),
    Column("public_id", "VARCHAR", "its public_id"),
    Column("resource_type", "VARCHAR", "image, video or raw"),
    Column("type", "VARCHAR", "the delivery type, such as upload"),
    Column("version", "BIGINT", "unix seconds of the upload"),
    Column("folder", "VARCHAR", "the folder, empty for the root; null where no facts are known"),
    Column("format", "VARCHAR", "the format, such as jpg"),
    Column("context", "MAP(VARCHAR, VARCHAR)", "contextual metadata"),
    Column("metadata", "JSON", "structured metadata: a value or a list of values by external_id; null if never seen"),
    Column("tags", "VARCHAR[]", "the tags that Cloudinary last reported"),
    Column("observed_at", "BIGINT", "unix milliseconds of that report"),
    Column(
        "categorizations",
        "STRUCT(provider VARCHAR, status VARCHAR, observed_at BIGINT, error VARCHAR)[]",
        "what each provider answered",
    ),
    Column(
        "labels",
        "STRUCT(provider VARCHAR, name VARCHAR, confidence DOUBLE, fault VARCHAR)[]",
        "all labels; confidence is 0 to 1, fault says why an entry cannot be used, or is empty",
    ),
    Column("about", "JSON", "what Rekognition's own answer says about labels, by key: parents, aliases, categories"),
    Column("ours", "VARCHAR[]", "the tags that autotag wrote and looks after"),
    Column("theirs", "VARCHAR[]", "all other tags"),
    Column("people", "VARCHAR[]", "those of them that a person is known to have added"),
    Column("suppressed", "VARCHAR[]", "keys of tags and labels that a person removed"),
    Column("review", "VARCHAR[]", "the tags that wait for a person's answer"),
    Column("status", "VARCHAR", "such as tagged, pending or failed"),
    Column("decided_by", "VARCHAR", "the version of the rules of the last decision, empty if there is none"),
    Column("decided_at", "BIGINT", "unix milliseconds of the last decision, 0 if there is none"),
    Column("wishes", "JSON", "what people last wanted of tags"),
    Column("left", "JSON", "labels whose tags a person left there, by key"),
    Column("samples", "JSON", "questions at random, by the key of the tag"),
    Column("stands", "JSON", "what each managed tag stands for, while a provider is not finished"),
    Column("givers", "JSON", "the providers of each managed tag, while a provider is not finished"),
)
