"""Every stored asset, page by page: what rules can decide on, and pages that fit into an answer."""

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.labels import Categorization
from autotag.domain.model.verdicts import Bar, Left, Sample
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.service.operations.scan import Scan, scan
from autotag.service.tagging.person_edits import handle_tag_edit as act
from autotag.service.worker import handle
from autotag_cli.stack.scan.scanned_asset import DECODER
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload


class Table:
    """States in the order of their ids, the cursor being the last one's."""

    def __init__(self, states: list[AssetState]) -> None:
        self.states = sorted(states, key=lambda state: state.asset.asset_id)

    def scan(
        self, segment: int, segments: int, cursor: str, limit: int
    ) -> tuple[list[tuple[AssetState, str]], str | None]:
        rest = [s for s in self.states if s.asset.asset_id > cursor and hash(s.asset.asset_id) % segments == segment]
        page = [(state, state.asset.asset_id) for state in rest[:limit]]
        return page, page[-1][1] if len(rest) > limit else None


def pages(table: Table, **asked: Any) -> list[list[dict[str, Any]]]:
    """Read page after page until there is no cursor."""
    found, cursor = [], ""
    while True:
        raw = scan(table, Scan(cursor=cursor, **asked))
        assert len(json.dumps({"body": raw.decode()})) < 5_200_000
        page = json.loads(raw)
        found.append(page["assets"])
        if page["cursor"] is None:
            return found
        cursor = page["cursor"]


def ids(found: list[list[dict[str, Any]]]) -> list[str]:
    return [asset["asset"]["asset_id"] for page in found for asset in page]


def test_an_asset_has_everything_that_rules_may_ask_of_it() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press",))
    handle(fakes.deps, upload(resource("a1", GUITARIST, tags=("press",))), fakes.remaining)
    act(fakes.deps, person(added=("live",), removed=("Guitar",), at=START + 99_000), fakes.remaining)

    ((asset,),) = pages(Table(list(fakes.store.items.values())))
    assert asset["asset"]["public_id"] == "stage/a1"
    assert asset["facts"]["folder"] == "stage" and asset["facts"]["format"] == "jpg"
    assert asset["categorizations"]["aws_rek_tagging"] == {
        "status": "complete",
        "labels": [["People", 0.9922, ""], ["Guitar", 0.7046, ""], ["Musician", 0.5754, ""]],
        "observed_at": START,
        "error": "",
    }
    assert (asset["ours"], asset["theirs"], asset["suppressed"]) == (["People"], ["press", "live"], ["guitar"])
    assert asset["people"] == ["live"]
    assert asset["decided_by"] == fakes.rules.now[0].version
    assert msgspec.convert(asset["categorizations"], dict[str, Categorization])


def test_pages_follow_each_other_until_every_asset_was_seen() -> None:
    table = Table([state(f"a{n}", 3) for n in range(7)])
    found = pages(table, limit=3)
    assert [len(page) for page in found] == [3, 3, 1]
    assert ids(found) == [f"a{n}" for n in range(7)]


def test_segments_share_the_assets_out() -> None:
    table = Table([state(f"a{n}", 3) for n in range(20)])
    parts = [ids(pages(table, segment=n, segments=3)) for n in range(3)]
    assert sorted(asset for part in parts for asset in part) == sorted(f"a{n}" for n in range(20))


def test_a_page_that_would_not_fit_ends_earlier_and_goes_on_behind_its_last_asset() -> None:
    table = Table([state(f"a{n}", 20_000) for n in range(9)])
    found = pages(table)
    assert len(found) > 1 and ids(found) == [f"a{n}" for n in range(9)]


def test_an_asset_larger_than_a_page_is_a_page() -> None:
    table = Table([state(f"a{n}", 30_000, "x" * 100) for n in range(3)])
    assert [len(page) for page in [json.loads(scan(table, Scan()))["assets"]]] == [1]


def test_an_empty_table_is_one_empty_page() -> None:
    assert pages(Table([])) == [[]]


def test_a_segment_beyond_the_last_is_refused() -> None:
    with pytest.raises(Invalid, match="segment: expected 0 to 3"):
        scan(Table([]), Scan(segment=4, segments=4))


def state(asset_id: str, labels: int, suffix: str = "") -> AssetState:
    """Return a state with many labels."""
    found = {f'label "{n}" {suffix}': 0.5 for n in range(labels)}
    message = upload(resource(asset_id, found))
    return AssetState(message.asset, "tagged", facts=message.facts, categorizations=message.categorizations)


def test_an_asset_tells_what_its_tags_stand_for_where_a_provider_is_not_through() -> None:
    both = {"aws_rek_tagging": Categorization("complete"), "google_tagging": Categorization("failed")}
    written = {"managed_tags": {"Dog": ("dog",)}, "givers": {"Dog": ("google_tagging",)}}
    known = AssetState(AssetRef("a", "a", "image", "upload", 1), "tagged", categorizations=both, **written)  # type: ignore[arg-type]

    ((asset,),) = pages(Table([known]))
    assert (asset["stands"], asset["givers"]) == ({"Dog": ["dog"]}, {"Dog": ["google_tagging"]})
    through = replace(known, categorizations={"aws_rek_tagging": Categorization("complete")})
    ((asset,),) = pages(Table([through]))
    assert (asset["stands"], asset["givers"]) == ({}, {})


def test_an_asset_tells_what_people_judged_left_and_were_asked_at_random() -> None:
    said = TagPreference("remove", 9, "Cat", ("cat",), rules="f" * 12, bars={"cat": Bar(0.7, 0.5)})
    left = {"dog": Left(9, "f" * 12, Bar(0.7, 0.5))}
    samples = {"hut": Sample(8, "Hut", "hat", 6412, "f" * 12, Bar(0.7), "reject", 9)}
    known = AssetState(
        AssetRef("a", "a", "image", "upload", 1),
        "tagged",
        rules_version="f" * 64,
        people={"cat": said},
        left=left,
        samples=samples,
    )

    ((asset,),) = pages(Table([known]))
    found = DECODER.decode(json.dumps(asset))
    assert (found.decided_by, found.preferences, found.left, found.samples) == ("f" * 64, (said,), left, samples)


def test_an_asset_of_an_earlier_release_has_none_of_that() -> None:
    ((asset,),) = pages(Table([replace(state("a1", 1), people={"cat": TagPreference("remove", 9, "Cat")})]))
    for name in ("left", "samples", "decided_by"):
        del asset[name]
    found = DECODER.decode(json.dumps(asset))
    assert (found.decided_by, found.left, found.samples) == ("", {}, {})
    assert (found.preferences[0].rules, found.preferences[0].bars) == ("", {})
