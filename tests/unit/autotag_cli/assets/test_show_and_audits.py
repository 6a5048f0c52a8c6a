"""``autotag show`` and ``autotag audits``, against the ops function's own answers."""

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from typer.testing import Result

from autotag.domain.model.audit import public
from autotag.domain.state.asset_state import Intent, NextState, Poll, TagPreference
from autotag_cli.errors import Failure
from autotag_cli.stack.target import Reply, Transport
from tests.unit.autotag_cli.fake_ops import NOW, FakeOps
from tests.unit.autotag_cli.run_command import EVENTS, autotag, fake_environment

GUITARIST: dict[str, Any] = json.loads((EVENTS / "responses" / "upload-guitarist.json").read_bytes())
ASSET_ID: str = GUITARIST["asset_id"]


def ask(post: Transport, *arguments: str) -> Result:
    return autotag(*arguments, "--stack", "prod", obj=fake_environment(post))


def flat(text: str) -> str:
    return " ".join(text.split())


def many_labels(count: int) -> dict[str, Any]:
    data = [{"tag": f"Label {i:02d}", "confidence": 0.69 - i / 1000} for i in range(count)]
    return GUITARIST | {"info": {"categorization": {"aws_rek_tagging": {"status": "complete", "data": data}}}}


@pytest.mark.parametrize("name", ["guitarist", ASSET_ID])
def test_show_prints_the_state_of_an_asset_by_either_name(name: str) -> None:
    ops = FakeOps()
    ops.decided(GUITARIST)

    result = ask(ops, "show", name)

    assert result.exit_code == 0
    shown = flat(result.stdout)
    assert f"asset guitarist asset_id {ASSET_ID} kind image/upload" in shown
    assert "status tagged decided at 2026-10-08T12:00:01.000Z" in shown
    assert "managed tags People, Person, Human, Electric Guitar, Guitar, Musical Instrument people's tags none" in shown
    assert "aws_rek_tagging complete" in shown


def test_raw_prints_every_stored_field_as_json() -> None:
    ops = FakeOps()
    ops.decided(GUITARIST)
    shown = json.loads(ask(ops, "show", ASSET_ID, "--raw").stdout)
    assert shown["decided"] == ops.states[ASSET_ID].decided and "writes" in shown
    (audit,) = json.loads(ask(ops, "audits", ASSET_ID, "--raw").stdout)
    assert audit["inputs"]["categorizations"]


def test_show_tells_what_people_did_and_what_is_due() -> None:
    ops = FakeOps()
    ops.decided(GUITARIST)
    ops.states[ASSET_ID] = replace(
        ops.states[ASSET_ID],
        status="pending",
        people={"human": TagPreference("remove", NOW, "Human")},
        poll=Poll(NOW + 60_000, 2, NOW + 86_400_000),
        review=("Musician",),
    )

    shown = flat(ask(ops, "show", "guitarist").stdout)

    assert "people A person removed Human on October 8, 2026 at 12:00 UTC." in shown
    assert "next poll 2026-10-08T12:01:01.000Z, 2 done so far, until 2026-10-09T12:00:01.000Z" in shown
    assert "to review Musician" in shown


def test_show_tells_what_is_being_applied_and_the_facts() -> None:
    ops = FakeOps()
    body = GUITARIST | {"asset_folder": "stage", "context": {"custom": {"license": "editorial"}}}
    audit = ops.decided(body)
    intent = Intent("i1", "me", NOW, 0, ("Guitar",), ("Human",), audit.audit_id, b"{}", NextState("tagged", {}, ""))
    ops.states[ASSET_ID] = replace(ops.states[ASSET_ID], status="applying", intent=intent)

    shown = flat(ask(ops, "show", "guitarist").stdout)

    assert "being applied +Guitar -Human, due again at 2026-10-08T12:00:01.000Z" in shown
    assert "folder stage format jpg context license=editorial" in shown


def test_show_as_json_is_the_ops_functions_object() -> None:
    ops = FakeOps()
    ops.decided(GUITARIST)

    shown = json.loads(ask(ops, "show", "guitarist", "--json").stdout)

    assert shown["asset"]["asset_id"] == ASSET_ID
    assert shown["tags"]["ours"][:2] == ["People", "Person"]


def test_audits_explain_each_label() -> None:
    ops = FakeOps()
    audit = ops.decided(GUITARIST)

    result = ask(ops, "audits", "guitarist")

    assert result.exit_code == 0
    shown = flat(result.stdout)
    assert shown.startswith("guitarist 2026-10-08T12:00:01.000Z tagged After an")
    assert "After an upload, autotag added People, Person, Human, Electric Guitar, Guitar and Musical" in shown
    assert f"audit {audit.audit_id} " in shown
    why = "Guitar is a tag because its confidence 0.7046 reaches the 0.70 that the rules ask for. defaults.threshold"
    assert why in shown
    assert "Musician is no tag because its confidence 0.5754 is below the 0.70 that the rules ask for." in shown


def test_audits_show_labels_as_a_table_if_asked_to() -> None:
    ops = FakeOps()
    audit = ops.decided(GUITARIST)

    shown = flat(ask(ops, "audits", "guitarist", "--table").stdout)

    assert "guitarist 2026-10-08T12:00:01.000Z tagged by webhook upload, rules default" in shown
    assert f"audit {audit.audit_id} added People, Person, Human" in shown
    assert "Musician 0.5754 ━━━━━┈┈┃┈┈ 0.70 below threshold defaults.threshold" in shown


def test_show_says_of_each_tag_who_put_it_there_and_why() -> None:
    ops = FakeOps()
    ops.decided(GUITARIST | {"tags": ["press"]})

    shown = flat(ask(ops, "show", "guitarist").stdout)

    why = "autotag added Guitar on October 8, 2026 at 12:00 UTC because its confidence 0.7046 reaches the 0.70 that"
    assert why in shown
    assert "press came with the picture: an upload, a person or Cloudinary put it there, not autotag." in shown


def test_audits_as_json_are_an_array_of_records() -> None:
    ops = FakeOps()
    audit = ops.decided(GUITARIST)
    ops.again(audit, 2)

    found = json.loads(ask(ops, "audits", "guitarist", "--json").stdout)

    assert [record["audit_id"] for record in found] == [a.audit_id for a in reversed(ops.audits)]
    shown = {"format": "jpg", "version": audit.asset.version, "delivery": {"cloud_name": ""}}
    assert found[-1] == msgspec.json.decode(public(audit)) | shown
    assert json.loads(ask(ops, "audits", "guitarist", "--json", "--limit", "2").stdout) == found[:2]


def test_labels_far_below_their_threshold_are_counted_unless_asked_for() -> None:
    ops = FakeOps()
    ops.decided(many_labels(30))

    short, full = ask(ops, "audits", "guitarist").stdout, ask(ops, "audits", "guitarist", "--full").stdout

    assert (short.count("Label "), full.count("Label ")) == (3, 30)
    assert "… 27 more below their threshold, --full shows them" in short


def test_the_reason_of_a_failure_is_shown() -> None:
    ops = FakeOps()
    failed = {"categorization": {"aws_rek_tagging": {"status": "failed", "data": "Failed to process request"}}}
    ops.decided(GUITARIST | {"info": failed})

    for command in ("show", "audits"):
        assert "Failed to process request" in ask(ops, command, "guitarist").stdout


def test_an_asset_without_audits_has_an_empty_history() -> None:
    ops = FakeOps()
    ops.decided(GUITARIST)
    ops.audits.clear()

    assert json.loads(ask(ops, "audits", "guitarist", "--json").stdout) == []
    result = ask(ops, "audits", "guitarist")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "No audit yet" in result.stderr


@pytest.mark.parametrize("command", ["show", "audits"])
def test_an_unknown_asset_is_a_no(command: str) -> None:
    result = ask(FakeOps(), command, "nob\x1bdy")

    assert result.exit_code == 1
    assert result.stderr == "autotag: no asset 'nob\\x1bdy' was ever seen\n"


def test_an_ambiguous_name_lists_the_ids() -> None:
    ops = FakeOps()
    for asset_id in ("a1", "a2"):
        ops.decided(GUITARIST | {"asset_id": asset_id})

    result = ask(ops, "show", "guitarist")

    assert result.exit_code == 2
    assert "expected one of the asset_ids a1, a2" in result.stderr


def test_an_unreachable_ops_function_is_a_failure() -> None:
    def unreachable(*_: object) -> Reply:
        raise Failure("ops.lambda-url.eu-west-1.on.aws cannot be reached (Name or service not known)")

    result = ask(unreachable, "show", "guitarist")

    assert result.exit_code == 1
    assert result.stderr == "autotag: ops.lambda-url.eu-west-1.on.aws cannot be reached (Name or service not known)\n"


@pytest.mark.parametrize("command, answer", [("show", b'{"asset": 1}'), ("audits", b'[{"audit_id": "x"}]')])
def test_an_answer_of_another_version_is_told_and_json_still_prints_it(command: str, answer: bytes) -> None:
    def other(*_: object) -> Reply:
        return Reply(200, answer)

    result = ask(other, command, "guitarist")

    assert result.exit_code == 1
    assert "does not know the answer's form" in result.stderr
    assert json.loads(ask(other, command, "guitarist", "--json", *limit(command)).stdout) == json.loads(answer)


def limit(command: str) -> tuple[str, ...]:
    return ("--limit", "1") if command == "audits" else ()


def test_control_characters_never_reach_the_terminal() -> None:
    ops = FakeOps()
    nasty = "Gui\x1b[31mtar\u202e\x9b"
    labels = [{"tag": nasty, "confidence": 0.9}]
    body = GUITARIST | {
        "public_id": "a\nb\x1bc",
        "tags": ["x\x07y"],
        "context": {"custom": {"k\x1b": "v\x1b"}},
        "info": {"categorization": {"aws_rek_tagging": {"status": "complete", "data": labels}}},
    }
    ops.decided(body)

    for arguments in (("show",), ("audits",), ("show", "--json"), ("audits", "--json")):
        result = ask(ops, *arguments, ASSET_ID)
        assert result.exit_code == 0
        assert [c for c in result.output if not c.isprintable() and c != "\n"] == []
    assert json.loads(ask(ops, "audits", "--json", ASSET_ID).stdout)[0]["labels"][0]["label"] == nasty
