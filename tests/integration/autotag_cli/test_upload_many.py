"""``autotag upload DIR`` against the simulator: each file arrives once, whatever fails or ends it on the way."""

import os
import signal
from pathlib import Path

import pytest

from local.core.waiting import until
from tests.integration.autotag_cli.upload_library import (
    UploadLibrary,
    add_ten_percent_faults,
    charged_units,
    stored_assets,
    uploads_by_public_id,
)
from tests.integration.simulator.simulator_client import Simulator


def test_a_thousand_files_arrive_once_through_faults_and_a_kill(simulator: Simulator, tmp_path: Path) -> None:
    library = UploadLibrary(tmp_path, simulator, 1000)
    add_ten_percent_faults(simulator)

    process = library.start()
    until(lambda: simulator.control("GET", "/health")["assets"] >= 400, "400 assets", within=30, every=0.02)
    process.kill()
    process.communicate(timeout=30)
    recorded, calls = library.recorded(), len(simulator.calls(path="*/upload"))
    assert 300 < len(recorded) < 900

    code, output, errors = library.run()

    assert (code, output.count("failed")) == (0, 0), errors
    found = stored_assets(simulator)
    assert len(found) == 1000 and {asset["public_id"] for asset in found} == library.public_ids
    assert charged_units(simulator) == 1000
    again = uploads_by_public_id(simulator, calls)
    assert not recorded & set(again), "a file that was recorded was sent again"
    assert set(again) == library.public_ids - recorded
    faults = simulator.control("GET", "/faults")["faults"]
    assert all(fault["struck"] >= 20 for fault in faults)


def test_what_has_arrived_is_not_sent_again(simulator: Simulator, tmp_path: Path) -> None:
    library = UploadLibrary(tmp_path, simulator, 20)
    assert library.run()[0] == 0
    changed = library.folder / "stage 3" / "picture-3.jpg"
    changed.write_bytes(changed.read_bytes() + b"retouched")
    os.utime(library.folder / "stage 4" / "picture-4.jpg", (1, 1))
    (library.folder / "new.jpg").write_bytes(b"new")
    calls = len(simulator.calls(path="*/upload"))

    code, output, _ = library.run()

    assert (code, [line.split() for line in output.splitlines()]) == (
        0,
        [["uploaded", "2"], ["recorded", "earlier", "19"]],
    )
    assert set(uploads_by_public_id(simulator, calls)) == {"stage 3/picture-3", "new"}
    sizes = {asset["public_id"]: asset["bytes"] for asset in stored_assets(simulator)}
    assert len(sizes) == 21 and sizes["stage 3/picture-3"] == changed.stat().st_size


def test_failed_files_do_not_stop_the_others_and_are_tried_by_the_next_run(
    simulator: Simulator, tmp_path: Path
) -> None:
    library = UploadLibrary(tmp_path, simulator, 60)
    simulator.control("POST", "/faults", {"match": {"path": "*/upload", "every": 20}, "fault": {"status": 400}})

    code, output, errors = library.run()
    assert code == 1
    missing = library.public_ids - {asset["public_id"] for asset in stored_assets(simulator)}
    assert len(missing) == 3
    for public_id in missing:
        path = f"{library.folder / public_id}.jpg"
        assert path in output and f"{path}: Cloudinary refuses this (400): Bad Request" in errors

    simulator.control("DELETE", "/faults")
    calls = len(simulator.calls(path="*/upload"))
    assert library.run()[0] == 0
    assert set(uploads_by_public_id(simulator, calls)) == missing


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_lets_what_is_under_way_finish(
    simulator: Simulator, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    library = UploadLibrary(tmp_path, simulator, 200)
    simulator.control("POST", "/faults", {"match": {"path": "*/upload"}, "fault": {"delay": 0.05}})
    process = library.start()
    until(lambda: simulator.control("GET", "/health")["assets"] >= 20, "20 assets", within=20, every=0.02)

    process.send_signal(number)
    _, errors = process.communicate(timeout=20)

    assert process.returncode == code, errors
    arrived = {asset["public_id"] for asset in stored_assets(simulator)}
    assert 20 <= len(arrived) < 200
    assert library.recorded() == arrived
    assert "files were not tried: interrupted" in errors

    simulator.control("DELETE", "/faults")
    assert library.run()[0] == 0
    assert uploads_by_public_id(simulator) == dict.fromkeys(library.public_ids, 1)


def test_refused_credentials_stop_at_once(simulator: Simulator, tmp_path: Path) -> None:
    library = UploadLibrary(tmp_path, simulator, 200)
    simulator.control("POST", "/faults", {"match": {"path": "*/upload"}, "fault": {"status": 401}})

    code, _, errors = library.run()

    assert (code, "credentials are refused" in errors) == (1, True)
    assert len(simulator.calls(path="*/upload")) <= 20
