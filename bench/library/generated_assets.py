"""A generated library as a stack stores it: assets of fifty labels, decided on, some of them changed by people."""

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import batched
from multiprocessing import get_context
from pathlib import Path

import msgspec

from autotag.adapters.aws.dynamodb.asset_items import state_to_item
from autotag.adapters.aws.dynamodb.items import item_size
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.state.asset_state import AssetState, TagPreference, Write
from autotag.service.operations.scan import Scan, scan
from autotag_cli.export.file_format import header
from autotag_cli.stack.scan.scanned_asset import RawPage
from bench.rule_changes import SIZE
from bench.workload import PROVIDER, make_work

UPLOADED = 1_791_460_800
"""Unix seconds."""
_BLOCK = 1000
_TAGS = 10
_EDITED_SHARE = 0.05


def write_export(path: Path, assets: int, first: int = 0) -> None:
    """Write an export of ``assets`` assets, numbered from ``first``, generated on all processors."""
    blocks = [tuple(block) for block in batched(range(first, first + assets), _BLOCK, strict=False)]
    with path.open("wb") as stream, ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        stream.write(header("bench", "2026-11-24T08:00:00Z"))
        for some_blocks in batched(blocks, 64, strict=False):
            stream.writelines(pool.map(_lines, some_blocks))


def stored_bytes(assets: int = 500) -> float:
    """Return how many bytes the table stores for an asset, on average."""
    return sum(item_size(state_to_item(state, b"0" * 16).item) for state in generated_states(range(assets))) / assets


def generated_states(numbers: range | tuple[int, ...], labels: int = SIZE.labels) -> Iterator[AssetState]:
    """Yield the states of the assets with these numbers; the same numbers always give the same states."""
    rng = random.Random(numbers[0])  # noqa: S311 - nothing secret
    work = make_work(SIZE._replace(labels=labels), len(numbers), numbers[0])
    for number, asset in zip(numbers, work.assets, strict=True):
        yield _state(number, asset.folder, asset.typed[PROVIDER], rng)


def _state(number: int, folder: str, labels: tuple[Label, ...], rng: random.Random) -> AssetState:
    at = UPLOADED * 1000
    kept = [label.name for label in labels[:_TAGS]]
    people: dict[str, TagPreference] = {}
    if rng.random() < _EDITED_SHARE:
        removed = kept.pop(rng.randrange(_TAGS))
        key = label_key(removed)
        people[key] = TagPreference("remove", at + 86_400_000, removed, (key,))
    return AssetState(
        AssetRef(f"{number:032x}", f"{folder}/{number:08}", "image", "upload", UPLOADED),
        "tagged",
        rev=2,
        facts=Facts(folder, "jpg", {}, ("press",) if rng.random() < _EDITED_SHARE else (), at),
        categorizations={PROVIDER: Categorization("complete", labels, at)},
        managed_tags={name: (label_key(name),) for name in kept},
        people=people,
        writes={name: Write("add", at + 1000, UPLOADED) for name in kept},
        decided="0" * 64,
        rules_version="0" * 64,
        rules_seq=1,
        engine="1",
        final_at=at + 1500,
    )


def _lines(numbers: tuple[int, ...]) -> bytes:
    page = msgspec.json.decode(scan(_Table(list(generated_states(numbers))), Scan()), type=RawPage)
    return b"".join(bytes(asset) + b"\n" for asset in page.assets)


class _Table:
    def __init__(self, states: list[AssetState]) -> None:
        self._states = states

    def scan(self, *_: object) -> tuple[list[tuple[AssetState, str]], str | None]:
        return [(state, "") for state in self._states], None
