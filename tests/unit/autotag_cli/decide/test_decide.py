"""``autotag decide``: the tags of the vendor's samples, as the deployed service decides on them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autotag.domain.model.audit import Audit, public
from autotag.domain.model.messages import MessageOrigin
from autotag.domain.notifications.parse import parse_resource
from autotag.service.worker import handle
from autotag_cli.input.rules_file import SHIPPED
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.unit.autotag_cli.decide.decide_samples import (
    BODIES,
    GUITARIST,
    KOALA,
    RESPONSES,
    UPDATE_SNIPPET,
    UPLOAD_SNIPPET,
    decide_json,
    tags_of,
)
from tests.unit.autotag_cli.run_command import PROJECT, autotag, objects


@pytest.mark.parametrize("text, tags", [(UPLOAD_SNIPPET, GUITARIST), (UPDATE_SNIPPET, KOALA)])
def test_the_vendor_pages_snippets_give_its_tags(text: str, tags: list[str]) -> None:
    result = autotag("decide", "-", stdin=text)

    assert result.exit_code == 0
    assert f"tags {', '.join(tags)}" in " ".join(result.stdout.split())
    assert tags_of(decide_json("-", stdin=text)) == tags


@pytest.mark.parametrize(
    "name, outcome, tags",
    [
        ("upload-guitarist", "tagged", GUITARIST),
        ("upload-guitarist-auto-tagged", "unchanged", GUITARIST),
        ("update-koala5", "unchanged", KOALA),
        ("resource-koala5", "tagged", ["Animal", "Koala"]),
    ],
)
def test_sample_responses_give_their_tags(name: str, outcome: str, tags: list[str]) -> None:
    record = decide_json(RESPONSES / f"{name}.json")

    assert (record["outcome"], tags_of(record)) == (outcome, tags)


def test_tags_that_auto_tagging_assigned_are_present_and_not_added() -> None:
    record = decide_json(RESPONSES / "upload-guitarist-auto-tagged.json")

    assert record["tags"] == {"before": GUITARIST, "added": [], "removed": [], "review": []}
    assert {printed["label"]: printed["outcome"] for printed in record["labels"]} == {
        **dict.fromkeys(GUITARIST, "present"),
        "Musician": "below_threshold",
        "Performer": "below_threshold",
    }


def test_json_has_the_audits_shape_without_what_only_a_stored_one_has() -> None:
    record = decide_json(RESPONSES / "upload-guitarist.json")

    left_out = {"audit_id", "at", "trigger", "reason", "inputs", "decided", "answers", "undid"}
    assert list(record) == [field for field in Audit.__struct_fields__ if field not in left_out]
    assert record["asset"] == {
        "asset_id": "9d2f7c1e4b6a48d0a3c5e8f71b2d6094",
        "public_id": "guitarist",
        "resource_type": "image",
        "type": "upload",
        "version": 1791460800,
    }
    assert record["labels"][3] == {
        "label": "Electric Guitar",
        "provider": "aws_rek_tagging",
        "confidence": 0.7046,
        "outcome": "kept",
        "tag": "Electric Guitar",
        "threshold": 0.7,
        "because": "defaults.threshold",
    }


@pytest.mark.parametrize("path", sorted(RESPONSES.iterdir()), ids=lambda path: path.stem)
def test_the_deployed_service_decides_the_same(path: Path) -> None:
    fakes = Fakes(SHIPPED.read_text("utf-8"))
    body = json.loads(path.read_bytes())
    fakes.cloudinary.assets[body["asset_id"]] = body

    handle(fakes.deps, parse_resource(body, START, MessageOrigin("upload", "d", "r")), fakes.remaining)

    (audit,) = fakes.audits.records.values()
    deployed = msgspec.json.decode(public(audit), type=dict[str, Any])
    for stored in ("audit_id", "at", "trigger"):
        del deployed[stored]
    assert decide_json(path) == deployed


def test_what_is_missing_of_an_assets_identity_stays_open() -> None:
    record = decide_json("-", stdin=UPLOAD_SNIPPET)

    assert record["asset"] == {"asset_id": "", "public_id": "", "resource_type": "", "type": "", "version": 0}


@pytest.mark.parametrize(
    "name, outcome, reason",
    [
        ("info-failed.json", "failed", "aws_rek_tagging: Failed to process request"),
        ("upload-pending.json", "pending", "aws_rek_tagging is still pending"),
    ],
)
def test_without_labels_the_answer_is_no(name: str, outcome: str, reason: str) -> None:
    result = autotag("decide", BODIES / name)
    as_json = autotag("decide", "--json", BODIES / name)

    assert (result.exit_code, as_json.exit_code) == (1, 1)
    assert f"outcome {outcome} reason {reason}" in " ".join(result.stdout.split())
    (record,) = objects(as_json)
    assert (record["outcome"], record["reason"], record["labels"]) == (outcome, reason, [])


def test_an_asset_without_any_categorization_is_skipped() -> None:
    record = decide_json("-", stdin='{"public_id": "guitarist", "tags": []}')

    assert (record["outcome"], record["reason"]) == (
        "skipped",
        "the asset has no categorization by aws_rek_tagging",
    )


def test_several_inputs_give_an_object_each_and_the_worst_exit_code(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")

    result = autotag("decide", "--json", broken, BODIES / "upload-pending.json", RESPONSES / "update-koala5.json")

    assert [record["outcome"] for record in objects(result)] == ["pending", "unchanged"]
    assert result.exit_code == 2
    assert result.stderr.startswith(f"autotag: {broken}: line 1, column 2: expected JSON")


def test_deciding_never_loads_a_network_library() -> None:
    script = (
        "import sys; from typer.testing import CliRunner; from autotag_cli.main import app;"
        f"assert CliRunner().invoke(app, ['decide', {str(RESPONSES / 'upload-guitarist.json')!r}]).exit_code == 0;"
        "print(sorted({'boto3', 'botocore', 'requests', 'urllib3'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
