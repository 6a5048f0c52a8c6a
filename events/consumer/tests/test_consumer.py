"""The sample consumer, called with the samples of autotag's events."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CONSUMER = Path(__file__).resolve().parents[1]
SAMPLES = CONSUMER.parents[1] / "docs" / "events" / "samples"
TAGGED = sorted(SAMPLES.glob("asset-tagged*.json"))


@pytest.fixture(scope="module")
def handler() -> Callable[[dict[str, Any], object], None]:
    """The function, loaded from its file as Lambda does: it is in no package."""
    found = importlib.util.spec_from_file_location("consumer", CONSUMER / "src" / "consumer.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    function: Callable[[dict[str, Any], object], None] = module.handler
    return function


@pytest.mark.parametrize("path", TAGGED, ids=lambda path: path.stem)
def test_it_logs_the_asset_and_its_tags_in_one_line(
    handler: Callable[[dict[str, Any], object], None], path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event = json.loads(path.read_text("utf-8"))

    handler(event, None)

    (line,) = capsys.readouterr().out.splitlines()
    logged = json.loads(line)
    assert (logged["message"], logged["public_id"]) == ("asset_tagged", "stage/guitarist")
    assert (logged["added"], logged["removed"]) == (event["detail"]["tags"]["added"], [])
    assert logged["audit_id"] == event["detail"]["audit_id"] and logged["event"] == event


def test_an_event_without_what_it_needs_fails_and_so_becomes_a_dead_letter(
    handler: Callable[[dict[str, Any], object], None],
) -> None:
    with pytest.raises(KeyError, match="audit_id"):
        handler({"source": "autotag", "detail-type": "Asset Tagged", "detail": {}}, None)
