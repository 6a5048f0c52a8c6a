"""A library of 200 files with 10 % of faults, killed twenty times at random: 200 assets, 200 charged."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from local.core.waiting import until
from tests.integration.autotag_cli.upload_library import (
    UploadLibrary,
    add_fault,
    add_ten_percent_faults,
    charged_units,
    stored_assets,
)
from tests.integration.simulator.simulator_client import Simulator

FILES, KILLS = 200, 20


def untouched(simulator: Simulator, library: UploadLibrary) -> None:
    """Leave the account empty."""


def partly_there(simulator: Simulator, library: UploadLibrary) -> None:
    """Upload half of the files beforehand, every other of them with another content, and tag them as people do."""
    for number, public_id in enumerate(sorted(library.public_ids)[: FILES // 2]):
        data = library.path(public_id).read_bytes() if number % 2 else b"other"
        fields = {"public_id": public_id, "tags": "press", "categorization": "aws_rek_tagging"}
        assert simulator.api("POST", "/image/upload", data=fields, files={"file": ("x.jpg", data)}).ok


def edited(simulator: Simulator, library: UploadLibrary) -> None:
    """Upload all, let a person tag it, and change each file."""
    assert library.run()[0] == 0
    fields = {"command": "add", "tag": "press", "public_ids[]": sorted(library.public_ids)}
    assert simulator.api("POST", "/image/tags", data=fields).ok
    for public_id in library.public_ids:
        with library.path(public_id).open("ab") as file:
            file.write(b"retouched")


@pytest.mark.parametrize(
    ("before", "options"),
    [(untouched, ()), (edited, ()), (partly_there, ("--overwrite",))],
    ids=["new files", "edited files", "overwriting"],
)
def test_two_hundred_files_are_charged_once_through_faults_and_twenty_kills(
    simulator: Simulator,
    tmp_path: Path,
    before: Callable[[Simulator, UploadLibrary], None],
    options: tuple[str, ...],
) -> None:
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    library = UploadLibrary(tmp_path, simulator, FILES, *options)
    before(simulator, library)
    charged_before, versions = (
        charged_units(simulator),
        {a["public_id"]: a["version"] for a in stored_assets(simulator)},
    )
    add_ten_percent_faults(simulator)
    add_fault(simulator, {"delay": 0.05})  # so that kills find uploads under way

    kills = 0
    for _ in range(KILLS):
        process, calls = library.start(), len(simulator.calls(path="*/upload"))
        wanted = calls + chance.randint(1, 25)
        until(
            lambda: process.poll() is not None or len(simulator.calls(path="*/upload")) >= wanted,  # noqa: B023
            "some calls", within=120, every=0.01,
        )  # fmt: skip
        kills += process.poll() is None
        process.kill()
        process.communicate(timeout=30)
    code, output, errors = library.run()

    found = {asset["public_id"]: asset for asset in stored_assets(simulator)}
    units, uploads = charged_units(simulator) - charged_before, len(simulator.calls(path="*/upload"))
    figures = f"seed {seed}: {kills} kills, {len(found)} assets, {units} charged, {uploads} uploads"
    print(figures)
    assert code == 0, (figures, output, errors)
    assert set(found) == library.public_ids, figures
    assert units == FILES, figures
    for public_id, asset in found.items():
        assert asset["etag"] == hashlib.md5(library.path(public_id).read_bytes(), usedforsecurity=False).hexdigest()
        assert (asset.get("tags") == ["press"]) == (public_id in versions), "people's tags are kept"
        assert asset["version"] > versions.get(public_id, 0), "each is sent anew"
