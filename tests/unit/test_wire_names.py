"""Names that are stored or sent stay what they were: what an earlier release wrote is read, and written alike.

``recorded/`` was written by the code of November 2026, with items of shape 1, and is never written again; a name that
is added later has a default, so that these texts stay valid.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from autotag.adapters.aws.dynamodb.asset_items import state_from_item, state_to_item
from autotag.adapters.aws.dynamodb.audit_items import audit_from_item
from autotag.adapters.aws.dynamodb.audits import DynamoAuditLog
from autotag.adapters.aws.dynamodb.items import from_item, unpack
from autotag.adapters.aws.dynamodb.run_items import run_in, run_key
from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.adapters.aws.eventbridge import EventBridge
from autotag.domain.decisions.replay import has_decision, replay
from autotag.domain.model.audit import Audit
from autotag.domain.model.messages import AskSample, FinishDue, MessageOrigin, decode, encode
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.runs.run import Run
from autotag.domain.state.asset_state import AssetState
from autotag.service.operations.api import Request
from autotag.service.operations.describe import describe
from autotag.service.operations.scan import Scan, scan
from autotag.service.runs.requests import shown

RECORDED = Path(__file__).parent / "recorded"
RULES: dict[str, str] = json.loads((RECORDED / "rules.json").read_text(encoding="utf-8"))


def lines(name: str) -> list[bytes]:
    return (RECORDED / f"{name}.jsonl").read_bytes().splitlines()


class Client:
    """Stands for a client of AWS, and keeps what is written."""

    class exceptions:
        ConditionalCheckFailedException = KeyError

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.entries: list[dict[str, str]] = []

    def put_item(self, **call: Any) -> None:
        self.items.append(call["Item"])

    def update_item(self, **_call: Any) -> None:
        """The list of runs."""

    def put_events(self, Entries: list[dict[str, str]]) -> dict[str, int]:
        self.entries += Entries
        return {"FailedEntryCount": 0}


def stored(line: bytes) -> dict[str, Any]:
    """Return an item as DynamoDB gives it; in the file bytes are base64, and numbers texts."""
    return {name: _native(value) for name, value in json.loads(line).items()}


def _native(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, content),) = value.items()
    return {kind: base64.b64decode(content) if kind == "B" else content}


def plain(item: dict[str, Any]) -> Any:
    """Return an item of a run as JSON shows it, what is compressed opened."""
    return _opened(from_item(item))


def _opened(value: Any) -> Any:
    if isinstance(value, bytes):
        return json.loads(unpack(value))
    if isinstance(value, dict):
        return {name: _opened(inner) for name, inner in value.items()}
    return [_opened(inner) for inner in value] if isinstance(value, list) else value


def lost(before: Any, now: Any, place: str = "") -> Iterator[str]:
    """Yield where ``now`` lacks what was there ``before`` or has another value for it; a new name is no loss."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name, value in before.items():
            yield from lost(value, now.get(name, "nothing"), f"{place}.{name}")
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from lost(old, new, f"{place}[{number}]")
    elif before != now:
        yield f"{place}: {before!r} was written, now {now!r}"


def same(before: bytes, now: object) -> None:
    assert list(lost(json.loads(before), json.loads(msgspec.json.encode(now, order="deterministic")))) == []


@pytest.mark.parametrize("number", range(len(lines("states"))))
def test_a_state_is_read_and_stored_as_it_was(number: int) -> None:
    text = lines("states")[number]
    state = msgspec.json.decode(text, type=AssetState)
    same(text, state)
    item, recorded = state_to_item(state, b"stamp").item, stored(lines("state_items")[number])
    assert state_from_item(recorded) == state_from_item(item) == state
    native = item.keys() - {"data"}
    assert {name: recorded[name] for name in native} == {name: item[name] for name in native}


def segment_items(number: int) -> list[tuple[str, dict[str, Any]]]:
    """Return the items of a run's segments that had begun, by their keys."""
    return list(json.loads(lines("run_segment_items")[number]).items())


@pytest.mark.parametrize("number", range(len(lines("runs"))))
def test_a_run_is_read_and_stored_as_it_was(number: int) -> None:
    text = lines("runs")[number]
    run = msgspec.json.decode(text, type=Run)
    same(text, run)
    client = Client()
    DynamoRunStore(client, "State").create(run)
    same(lines("run_items")[number], plain(client.items[0]))
    segments = {key: {name: _native(value) for name, value in item.items()} for key, item in segment_items(number)}
    found = run_in(run.id, segments | {run_key(run.id): client.items[0]})
    assert found is not None and found.segments == run.segments


@pytest.mark.parametrize("text", lines("messages"))
def test_a_queued_message_is_read_and_written_as_it_was(text: bytes) -> None:
    same(text, msgspec.Raw(encode(decode(text)).encode()))


def test_a_request_to_ask_at_random_is_written_as_it_is_read() -> None:
    text = (
        '{"kind":"sample","asset_id":"a1","version":3,"labels":["Hat"],"by":"ada","observed_at":4,'
        '"source":{"notification_type":"sample","digest":"d"}}'
    )
    message = AskSample("a1", 3, ("Hat",), "ada", 4, MessageOrigin("sample", "d"))
    assert encode(message) == text and decode(text) == message


def test_a_message_about_due_work_names_an_asset() -> None:
    text = '{"kind":"due","asset_id":"a1"}'
    assert encode(FinishDue("a1")) == text and decode(text) == FinishDue("a1")


@pytest.mark.parametrize("number", range(len(lines("audits"))))
def test_an_audit_is_read_stored_announced_and_replayed_as_it_was(number: int) -> None:
    text = lines("audits")[number]
    audit = msgspec.json.decode(text, type=Audit)
    same(text, audit)
    client = Client()
    DynamoAuditLog(client, "History").put(audit)
    item, recorded = client.items[0], stored(lines("audit_items")[number])
    assert audit_from_item(recorded) == audit_from_item(item) == audit
    assert {**recorded, "record": b""} == {**item, "record": b""}
    EventBridge(client, "bus").announce(audit)
    sent = [{**entry, "Detail": json.loads(entry["Detail"])} for entry in client.entries]
    same(lines("events")[number], sent)
    if audit.rules.version in RULES:
        assert replay(audit, Ruleset(parse_rules(RULES[audit.rules.version]))) == ()


class Scanned:
    """One state, to be read in bulk."""

    def __init__(self, state: AssetState) -> None:
        self.state = state

    def scan(
        self, _segment: int, _segments: int, _cursor: str, _limit: int
    ) -> tuple[list[tuple[AssetState, str]], str | None]:
        return [(self.state, "")], None


def answers(state: AssetState) -> dict[str, Any]:
    """Return what operators are answered about a state."""
    return {"show": describe(state), "scan": msgspec.Raw(scan(Scanned(state), Scan()))}


def requests() -> dict[str, list[str]]:
    """Return the fields of each request of the ops function, by its ``op``."""
    return {struct.__struct_config__.tag: sorted(struct.__struct_encode_fields__) for struct in get_args(Request)}


@pytest.mark.parametrize("number", range(len(lines("states"))))
def test_operators_are_answered_about_a_state_as_before(number: int) -> None:
    same(lines("answers")[number], answers(msgspec.json.decode(lines("states")[number], type=AssetState)))


@pytest.mark.parametrize("number", range(len(lines("runs"))))
def test_operators_are_answered_about_a_run_as_before(number: int) -> None:
    same(lines("run_answers")[number], shown(msgspec.json.decode(lines("runs")[number], type=Run)))


def test_operators_ask_as_before() -> None:
    now = requests()
    for op, fields in json.loads((RECORDED / "requests.json").read_text(encoding="utf-8")).items():
        assert set(fields) <= set(now[op]), op


def test_most_recorded_decisions_can_be_replayed() -> None:
    audits = [msgspec.json.decode(text, type=Audit) for text in lines("audits")]
    decided = [audit for audit in audits if has_decision(audit)]
    assert len([audit for audit in decided if audit.rules.version in RULES]) > len(decided) / 2 > 2
