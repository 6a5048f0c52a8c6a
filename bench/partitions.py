"""A library of many files, as an export to the bucket writes it: how long it takes, how large it is, what-if over it.

    .venv/bin/python -m bench.partitions [--partitions 10] [--keep FOLDER]

A partition is ten files of 100,000 assets, with fifty labels each. The first one is generated, and written as the
export function writes it; the others hold the same labels under other names, since generating them takes longer than
all that is measured. Then other rules with other thresholds are compared, by as many processes as there are processors:
reading the files takes most of the time, whatever the rules.
"""

import argparse
import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

import msgspec

from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag.domain.model.exports import ASSETS, MANIFEST, ManifestFile, SegmentRecord, file_key, manifest_of
from autotag_cli.export.partitions import partitions
from autotag_cli.rules.diff.count_changes import ComparedRules
from autotag_cli.rules.diff.partitions import compare_files
from autotag_library.columns.connection import connect, quoted
from autotag_library.columns.schema import FORM, METADATA_KEY, ROW_GROUP
from autotag_library.columns.write import write_columns
from bench.library.generated_assets import write_export
from bench.rule_changes import rule_changes

FILES = 10
"""Files of a partition."""
AT = "2026-11-24T08:00:00Z"
CHANGE = "every threshold"
EXAMPLES = 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--partitions", type=int, default=10, help="number of partitions of a million assets (10)")
    parser.add_argument("--keep", type=Path, help="folder to keep the files in; those that are there are reused")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        write_partitions(folder, options.partitions)
        report(folder, CHANGE)


def write_partitions(folder: Path, count: int) -> None:
    """Write a partitioned export of ``count`` million assets into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = folder / "lines.jsonl"
    records = []
    for part in range(count):
        files = []
        for number in range(FILES):
            key = file_key(part, number)
            target = folder / key
            target.parent.mkdir(exist_ok=True)
            if not target.exists() and part == 0:
                write_export(lines, ASSETS, number * ASSETS)
                seconds = _timed(lambda target=target: write_columns(lines, target, "bench", AT))  # type: ignore[misc]
                print(f"{key}: {ASSETS:,} assets written in {seconds:.1f} s, {target.stat().st_size / 1e6:.0f} MB")
            elif not target.exists():
                _rename(folder / file_key(0, number), target, part)
            files.append(ManifestFile(key, ASSETS, target.stat().st_size))
        records.append(SegmentRecord(tuple(files)))
    lines.unlink(missing_ok=True)
    (folder / MANIFEST).write_bytes(msgspec.json.encode(manifest_of("bench", AT, records)))


def _rename(source: Path, target: Path, part: int) -> None:
    """Write ``target`` with the assets of ``source`` under other ids and names."""
    header = msgspec.json.encode({"form": FORM, "stack": "bench", "at": AT}).decode()
    renamed = f"'{part:02}' || substr(asset_id, 3) AS asset_id, public_id || '-{part}' AS public_id"
    with closing(connect(str(target.parent))) as db:
        db.execute(
            f"COPY (SELECT * REPLACE ({renamed}) FROM {quoted(str(source))} ORDER BY n) TO {quoted(str(target))} "  # noqa: S608
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, "
            f"KV_METADATA {{{METADATA_KEY}: {quoted(header)}}})"
        )


def report(folder: Path, name: str) -> None:
    """Compare all files under one other set of rules, and print what that took."""
    change = rule_changes(1)[name]
    files = partitions(str(folder))
    assert files is not None
    changes = TagChangeCounts(EXAMPLES)

    def compare() -> None:
        for _, found in compare_files(files, ComparedRules(change.old, change.new, EXAMPLES)):
            changes.merge(found)

    seconds = _timed(compare)
    one, five, _ = os.getloadavg()
    peak = getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024
    size = sum(Path(file).stat().st_size for file in files)
    print(
        f"{name}: {changes.changed:,} of {changes.assets:,} assets in {len(files)} files change, {size / 1e9:.2f} GB: "
        f"{seconds:.0f} s with {os.process_cpu_count()} processes of at most {peak:,.0f} MB; "
        f"load average {one:.1f} and {five:.1f}"
    )


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
