"""A stack of a thousand assets, and two rules files to compare on them."""

from pathlib import Path

import msgspec
import pytest

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.state.asset_state import AssetState, TagPreference
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.rules.diff.stored.stored_comparison import ASSETS, NEW, OLD


def state(i: int, **confidence: float) -> AssetState:
    labels = tuple(Label(name, value) for name, value in confidence.items())
    folder = "zoo" if i % 10 == 0 else "stage"
    return AssetState(
        AssetRef(f"id{i:04}", f"{folder}/{i:04}", "image", "upload", 1),
        "tagged",
        facts=Facts(folder, "jpg", {}, ("Guitar",) if i % 5 == 1 else (), 1),
        categorizations={"aws_rek_tagging": Categorization("complete", labels)},
    )


@pytest.fixture
def ops() -> FakeOps:
    """A stack of a thousand assets, some of which a person had a hand in; one has no labels yet."""
    found = FakeOps()
    for i in range(ASSETS):
        found.states[f"id{i:04}"] = state(i, Stage=0.9, Guitar=0.6)
    pending = {"aws_rek_tagging": Categorization("pending")}
    found.states["pending"] = AssetState(
        AssetRef("pending", "p", "image", "upload", 1), "pending", categorizations=pending
    )
    taken = state(7, Guitar=0.6)
    found.states["id0007"] = msgspec.structs.replace(
        taken, people={"guitar": TagPreference("remove", 1, "Guitar", ("guitar",))}
    )
    return found


@pytest.fixture
def rules(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "old.toml").write_text(OLD)
    (tmp_path / "new.toml").write_text(NEW)
    return tmp_path / "old.toml", tmp_path / "new.toml"
