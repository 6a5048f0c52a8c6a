"""``autotag decide``: the tags of the vendor's samples, explained, and every input that is none."""

import json
import os
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
from tests.unit.autotag_cli.run_command import EVENTS, PROJECT, autotag, objects

RESPONSES = EVENTS / "responses"
BODIES = EVENTS / "bodies"

GUITARIST = ["People", "Person", "Human", "Electric Guitar", "Guitar", "Musical Instrument"]
KOALA = ["Animal", "Koala", "Mammal"]

# The snippets of the vendor's page, closed so that they are JSON: nothing but labels, and tags where they had some.
UPLOAD_SNIPPET = """{"info": {"categorization": {"aws_rek_tagging": {"status": "complete", "data": [
  [{"tag": "People", "confidence": 0.9922}, {"tag": "Person", "confidence": 0.9922},
   {"tag": "Human", "confidence": 0.9921}, {"tag": "Electric Guitar", "confidence": 0.7046},
   {"tag": "Guitar", "confidence": 0.7046}, {"tag": "Musical Instrument", "confidence": 0.7046},
   {"tag": "Musician", "confidence": 0.5754}, {"tag": "Performer", "confidence": 0.5754}]]}}}}"""
UPDATE_SNIPPET = """{"tags": ["Animal", "Koala", "Mammal"], "info": {"categorization": {"aws_rek_tagging":
  {"status": "complete", "data": [{"tag": "Animal", "confidence": 0.9933}, {"tag": "Koala", "confidence": 0.9933},
   {"tag": "Mammal", "confidence": 0.9933}]}}}}"""


def tags_of(record: dict[str, Any]) -> list[str]:
    return [
        printed["tag"] for printed in record["labels"] if printed["outcome"] in ("kept", "present", "parent", "added")
    ]


def labels(**confidence: float) -> str:
    data = [{"tag": name, "confidence": value} for name, value in confidence.items()]
    return json.dumps({"info": {"categorization": {"aws_rek_tagging": {"status": "complete", "data": data}}}})


def decide_json(*arguments: str | Path, stdin: str | bytes | None = None) -> dict[str, Any]:
    (record,) = objects(autotag("decide", "--json", *arguments, stdin=stdin))
    return record


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


@pytest.fixture
def zoo(tmp_path: Path) -> Path:
    """Rules that want more confidence in one folder."""
    path = tmp_path / "zoo.toml"
    path.write_text('[[when]]\nname = "zoo"\nfolder = "zoo/**"\nset = { threshold = 0.90 }\n', encoding="utf-8")
    return path


def test_an_info_notification_is_decided_by_the_folder_in_its_public_id(zoo: Path) -> None:
    result = autotag("decide", BODIES / "info-complete.json", "--rules", zoo)

    assert result.exit_code == 0
    assert 'when[1] "zoo".set.threshold' in result.stdout
    assert "An info notification has no folder" in result.stderr


@pytest.mark.parametrize("option", [("--folder", "zoo/night/"), ("--public-id", "zoo/fox")])
def test_a_person_may_tell_the_folder(zoo: Path, option: tuple[str, str]) -> None:
    text = labels(Animal=0.85)

    assert tags_of(decide_json("--rules", zoo, "-", stdin=text)) == ["Animal"]
    assert tags_of(decide_json("--rules", zoo, *option, "-", stdin=text)) == []


def test_a_person_may_tell_the_other_facts_too(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[when]]\nname = "press"\nformat = ["png"]\ntags_any = ["press"]\ncontext = { licence = "editorial" }\n'
        'add = ["reviewed"]\n'
    )
    facts = ("--format", "png", "--tag", "press", "--context", "licence=editorial")

    printed = decide_json("--rules", rules, *facts, "-", stdin=labels(Tree=0.9))

    assert tags_of(printed) == ["Tree", "reviewed"]
    assert printed["tags"]["before"] == ["press"]
    assert tags_of(decide_json("--rules", rules, "-", stdin=labels(Tree=0.9))) == ["Tree"]


def test_a_person_may_tell_what_the_service_wrote_and_what_people_removed(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text('[labels.Axe]\ntag = "guitar"\n')
    given = ("--label", "Axe=0.9", "--label", "Stage=0.8", "--ours", "Stage", "--ours", "Old", "--removed", "GUITAR")
    (printed,) = objects(autotag("decide", "--rules", tmp_path / "r.toml", *given, "--json"))

    assert printed["tags"] == {"before": ["Stage", "Old"], "added": [], "removed": ["Old"], "review": []}
    assert {label["label"]: label["outcome"] for label in printed["labels"]} == {"Axe": "suppressed", "Stage": "kept"}


def test_own_rules_say_what_to_review(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('name = "acme"\n[defaults]\nthreshold = 0.7\nreview = 0.5\ncase = "lower"\n')

    result = autotag("decide", RESPONSES / "upload-guitarist.json", "--rules", rules)

    shown = " ".join(result.stdout.split())
    assert "to review musician, performer" in shown
    assert "rules acme" in shown


def test_a_rule_that_leaves_an_asset_alone_is_an_answer(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[when]]\nname = "theirs"\nskip = true\n')

    result = autotag("decide", "--rules", rules, "-", stdin=labels(Tree=0.9))

    assert result.exit_code == 0
    assert 'when[1] "theirs".skip leaves these assets alone' in result.stdout


def test_the_table_shows_each_label_against_its_threshold() -> None:
    result = autotag("decide", RESPONSES / "upload-guitarist.json")

    lines = {line.split("  ")[0]: line for line in result.stdout.splitlines()}
    assert "0.7046 ━━━━━━━┃┈┈ 0.70" in lines["Guitar"]
    assert "0.5754 ━━━━━┈┈┃┈┈ 0.70" in lines["Musician"]
    assert "below threshold" in lines["Musician"]


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


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("{\n...\n}", "stdin: line 2, column 1: expected JSON (Expecting property name enclosed in double quotes)"),
        ("[]", "stdin: the list holds no asset"),
        ('{"info": NaN}', "stdin: expected JSON (JSON is malformed: invalid character (byte 9))"),
        (b"{\xff}", "stdin: expected UTF-8"),
        ("[" * 100_000, "stdin: expected JSON (JSON is nested too deeply)"),
        ('{"tags": ["a"]}', "stdin: info.categorization: is missing, expected the response to a call with categorizat"),
        ('{"info": []}', "stdin: info: expected an object"),
        ('{"info": {"categorization": []}}', "stdin: info.categorization: expected an object of providers"),
        (
            '{"info": {"categorization": {"aws_rek_tagging": "complete"}}}',
            "stdin: info.categorization.aws_rek_tagging: expected an object with status and data",
        ),
        ('{"public_id": "a", "version": "1"}', "stdin: version: expected the unix seconds of the upload"),
        ('{"asset_id": "../a"}', "stdin: asset_id: expected 1 to 64 letters"),
        ('{"notification_type": "delete"}', "stdin: notification_type: 'delete' carries no labels, expected upload or"),
        (
            '{"notification_type": "info", "info_kind": "cloudinary_ai"}',
            "stdin: info_kind: expected a provider of labels such as aws_rek_tagging, not 'cloudinary_ai'",
        ),
    ],
)
def test_bad_input_is_one_sentence_that_names_the_place(text: str | bytes, sentence: str) -> None:
    result = autotag("decide", "-", stdin=text)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"autotag: {sentence}")
    assert (result.stdout, result.stderr.count("\n")) == ("", 1)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert tags_of(decide_json("-", stdin=b"\xef\xbb\xbf" + UPLOAD_SNIPPET.encode())) == GUITARIST


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"name = ", "line 1: found invalid TOML"),
        (b"[defaults]\nthreshold = 2", "defaults.threshold: found 2, expected a number from 0 to 1"),
        (b"colour = 1", "colour: found an unknown key, expected one of name, defaults, labels, when"),
        (b"\xff", "expected UTF-8 (byte 0 is not)"),
    ],
)
def test_bad_rules_are_one_sentence_that_names_the_file(content: bytes, sentence: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_bytes(content)

    result = autotag("decide", "--rules", rules, "-", stdin=UPLOAD_SNIPPET)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"autotag: {rules}: {sentence}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for arguments in ((tmp_path / "none.json",), ("--rules", tmp_path / "none.toml", "-")):
        result = autotag("decide", *arguments, stdin="{}")

        assert result.exit_code == 2
        assert "none." in result.stderr
        assert "cannot be read (No such file or directory)" in result.stderr


def test_context_must_be_a_pair() -> None:
    result = autotag("decide", "--context", "licence", "-", stdin=UPLOAD_SNIPPET)

    assert result.exit_code == 2
    assert "expected KEY=VALUE" in result.stderr


def test_control_characters_of_labels_and_tags_never_reach_the_terminal() -> None:
    name = "Gui\x1b]0;owned\x07tar\u202e\x9b\x7f [bold]x[/bold]"
    text = json.dumps(
        {
            "tags": ["a\x1b[2Jb"],
            "public_id": "x\r\ny",
            "info": {
                "categorization": {"aws_rek_tagging": {"status": "complete", "data": [{"tag": name, "confidence": 1}]}}
            },
        }
    )

    for arguments in ((), ("--json",)):
        result = autotag("decide", *arguments, "-", stdin=text)
        assert result.exit_code == 0
        assert [c for c in result.output if not c.isprintable() and c != "\n"] == []
    assert "Gui\\x1b]0;owned\\x07tar\\u202e\\x9b\\x7f [bold]x[/bold]" in autotag("decide", "-", stdin=text).stdout
    assert decide_json("-", stdin=text)["labels"][0]["label"] == name


def test_colours_are_for_terminals_alone() -> None:
    path = RESPONSES / "upload-guitarist.json"

    assert "\x1b[32m" in autotag("decide", path, color=True).stdout
    assert "\x1b" not in autotag("decide", path).stdout


@pytest.mark.parametrize(
    "option", ["--public-id", "--folder", "--format", "--tag", "--ours", "--removed", "--context", "--label"]
)
def test_an_option_that_is_not_utf8_is_named(option: str) -> None:
    odd = os.fsdecode(b"\xff=0.9")
    inputs = ["--label", "Guitar=0.9"] if option == "--label" else [str(RESPONSES / "upload-guitarist.json")]
    result = autotag("decide", *inputs, option, odd)
    assert result.exit_code == 2 and f"{option}: expected UTF-8" in result.stderr


def test_deciding_never_loads_a_network_library() -> None:
    script = (
        "import sys; from typer.testing import CliRunner; from autotag_cli.main import app;"
        f"assert CliRunner().invoke(app, ['decide', {str(RESPONSES / 'upload-guitarist.json')!r}]).exit_code == 0;"
        "print(sorted({'boto3', 'botocore', 'requests', 'urllib3'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
