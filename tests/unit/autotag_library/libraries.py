"""Small libraries, and the columns that an export of them has."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import Label, label_key
from autotag_cli.export.file_format import header
from autotag_library.columns.write import write_columns
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import scanned
from tests.unit.domain.rules.rule_strategies import CONFIDENCES, LABELS, RULES, SPELT, SUBJECTS, TAGS

AT = "2026-11-24T08:00:00Z"

ASSETS = st.builds(
    scanned,
    LABELS,
    SUBJECTS,
    st.frozensets(st.sampled_from(["guitar", "Guitar", "music", "person"])),
    st.sampled_from(["", "", "", "google_tagging", "aws_rek_tagging"]),
    st.dictionaries(TAGS, st.sampled_from([(), ("google_tagging",), ("aws_rek_tagging",)])),
)


def _named(assets: list[ScannedAsset]) -> list[ScannedAsset]:
    return [
        replace(each, asset=replace(each.asset, asset_id=f"a{n}", public_id=f"p{n * 7919 % 1000:03}"))
        for n, each in enumerate(assets)
    ]


LIBRARIES = st.lists(ASSETS, min_size=1, max_size=30).map(_named)

USUAL_LABELS = st.lists(st.builds(Label, SPELT, CONFIDENCES), max_size=8, unique_by=lambda label: label_key(label.name))
USUAL_LIBRARIES = st.lists(
    st.builds(
        scanned,
        st.sampled_from(["aws_rek_tagging", "aws_rek_tagging", "rekognition"]).flatmap(
            lambda provider: st.fixed_dictionaries({provider: USUAL_LABELS})
        ),
        SUBJECTS,
        st.just(frozenset[str]()),
    ),
    min_size=1,
    max_size=30,
).map(_named)
"""Assets with the labels of one provider, each label once: those that columns suffice for."""

UNTAGGED = st.builds(
    lambda assets, some: [
        replace(asset, user_tags=(), suppressed=()) if each else asset
        for asset, each in zip(assets, some, strict=False)
    ],
    USUAL_LIBRARIES,
    st.lists(st.booleans(), min_size=30, max_size=30),
)
"""The same, of which some were never edited by a person."""

USUAL_RULES = RULES.map(
    lambda rules: replace(
        rules,
        when=tuple(
            replace(block, metadata={}, **dict.fromkeys(("labels_any", "labels_all", "labels_none")))
            for block in rules.when
        ),
    )
)
"""Rules without blocks that test labels or metadata."""


@contextmanager
def columns_of(assets: Iterable[ScannedAsset]) -> Iterator[Path]:
    """Yield a file with the columns of these assets."""
    folder = Path(tempfile.mkdtemp())
    try:
        lines, file = folder / "lines", folder / "library.parquet"
        lines.write_bytes(header("autotag", AT) + b"".join(msgspec.json.encode(each) + b"\n" for each in assets))
        write_columns(lines, file, "autotag", AT)
        yield file
    finally:
        shutil.rmtree(folder)
