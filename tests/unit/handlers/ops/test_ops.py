"""The operators' function: answers as JSON, and one sentence for a mistake."""

import json

import msgspec
import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.rules.versions import StoredVersion
from autotag.service.operations.access import Access
from autotag.service.worker import handle
from tests.fakes.rules import RULES
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.webhook.webhook_requests import event


@pytest.fixture
def ops() -> Ops:
    ops = Ops()
    for version in (100, 200):
        body = resource("a1", GUITARIST, version=version)
        ops.fakes.cloudinary.assets["a1"] = body
        handle(ops.fakes.deps, upload(body), ops.fakes.remaining)
    return ops


@pytest.mark.parametrize("asset", ["a1", "stage/a1"])
@pytest.mark.parametrize("encoded", [False, True])
def test_an_asset_is_shown_by_either_of_its_names(ops: Ops, asset: str, encoded: bool) -> None:
    status, shown = ops.ask({"op": "show", "asset": asset}, encoded=encoded)
    assert status == 200
    assert shown["asset"]["asset_id"] == "a1" and shown["asset"]["version"] == 200
    assert shown["status"] == "tagged" and shown["tags"]["ours"] == ["People", "Guitar"]
    assert shown["intent"] is None and shown["poll"] is None
    assert shown["categorizations"]["aws_rek_tagging"]["labels"][0] == {"label": "People", "confidence": 0.9922}


def test_raw_answers_have_every_stored_field(ops: Ops) -> None:
    ops.fakes.cloudinary.fails = [Retryable("503")]
    body = resource("a1", GUITARIST, version=300)
    handle(ops.fakes.deps, upload(body), ops.fakes.remaining)
    stored = ops.fakes.store.items["a1"]
    status, shown = ops.ask({"op": "show", "asset": "a1", "raw": True})
    assert status == 200 and stored.intent is not None
    assert shown["intent"].pop("audit") == json.loads(stored.intent.audit)
    expected = msgspec.to_builtins(stored)
    del expected["intent"]["audit"]
    assert shown == json.loads(json.dumps(expected))
    _, audits = ops.ask({"op": "audits", "asset": "a1", "raw": True})
    records = sorted(ops.fakes.audits.records.values(), key=lambda audit: audit.audit_id, reverse=True)
    assert audits == [json.loads(msgspec.json.encode(record)) for record in records] and "inputs" in audits[0]


def test_audits_come_youngest_first_in_pages(ops: Ops) -> None:
    status, (youngest,) = ops.ask({"op": "audits", "asset": "a1", "limit": 1})
    assert status == 200 and youngest["asset"]["version"] == 200
    _, (older,) = ops.ask({"op": "audits", "asset": "a1", "before": youngest["audit_id"]})
    assert older["asset"]["version"] == 100
    assert ops.ask({"op": "audits", "asset": "a1", "before": older["audit_id"]}) == (200, [])


def test_an_answer_of_audits_fits_into_lambdas_and_the_next_one_goes_on_behind_it() -> None:
    ops = Ops()
    body = resource("a1", {f'label "{n}" {"x" * 100}': 0.9 for n in range(1000)})
    ops.fakes.cloudinary.assets["a1"] = body
    handle(ops.fakes.deps, upload(body), ops.fakes.remaining)
    (audit,) = ops.fakes.audits.records.values()
    names = [f"a1.{START + n:013d}.{n:012d}" for n in range(20)]
    ops.fakes.audits.records = {name: replace(audit, audit_id=name) for name in names}

    pages: list[list[str]] = []
    while not pages or pages[-1]:
        _, page = ops.ask({"op": "audits", "asset": "a1", "limit": 20, "before": pages[-1][-1] if pages else ""})
        pages.append([record["audit_id"] for record in page])
    assert len(pages) > 2
    assert [name for page in pages for name in page] == names[::-1]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nonsense",
        "\ud800",
        "[]",
        {},
        {"op": "delete", "asset": "a1"},
        {"op": "show"},
        {"op": "show", "asset": ""},
        {"op": "show", "asset": "x" * 1025},
        {"op": "show", "asset": 7},
        {"op": "show", "asset": "a1", "extra": 1},
        {"op": "audits", "asset": "a1", "limit": 0},
        {"op": "audits", "asset": "a1", "limit": 101},
        {"op": "scan", "segments": 0},
        {"op": "scan", "segment": 4, "segments": 4},
        {"op": "scan", "limit": 0},
        {"op": "scan", "cursor": 7},
        {"op": "push_rules"},
        {"op": "push_rules", "text": "", "seq": -1},
        {"op": "push_rules", "text": "x" * 1_000_001},
        {"op": "push_rules", "text": "thresold = 1"},
        {"op": "rules", "asset": "a1"},
        {"op": "replay"},
        {"op": "replay", "audit_id": "a1"},
    ],
)
def test_a_request_that_is_none_is_refused_with_a_sentence(ops: Ops, body: object) -> None:
    status, answer = ops.ask(body)
    assert status == 400 and answer["error"]["message"]


@pytest.mark.parametrize("nested", ["[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000])
@pytest.mark.parametrize(
    "request_", ['{"x": %s, "op": "show", "asset": "a1"}', '{"op": "show", "asset": "a1", "x": %s}', "%s",
                 '{"op": "push_rules", "text": %s}', '{"op": "run_start", "action": "retag", "filter": %s}']
)  # fmt: skip
def test_a_request_that_nests_deeply_is_refused_wherever_it_does(ops: Ops, request_: str, nested: str) -> None:
    status, answer = ops.ask(request_ % nested)
    assert status == 400 and answer["error"]["message"]


@pytest.mark.parametrize("body", ["!", "é", "e30"])
def test_a_body_that_is_not_the_base64_it_claims_to_be_is_refused(ops: Ops, body: str) -> None:
    status, answer = ops.answer(event("POST", {}, body, encoded=True))
    assert status == 400 and "base64" in answer["error"]["message"]


def test_an_asset_that_was_never_seen_is_not_found(ops: Ops) -> None:
    status, answer = ops.ask({"op": "show", "asset": "stage/nobody"})
    assert status == 404 and "stage/nobody" in answer["error"]["message"]


def test_a_name_that_several_assets_have_lists_them(ops: Ops) -> None:
    handle(ops.fakes.deps, upload(resource("a2", GUITARIST, public_id="stage/a1")), ops.fakes.remaining)
    status, answer = ops.ask({"op": "show", "asset": "stage/a1"})
    assert status == 400 and "a1, a2" in answer["error"]["message"]


def test_a_store_that_is_down_is_said_so(ops: Ops) -> None:
    ops.states.down = True
    assert ops.ask({"op": "show", "asset": "a1"})[0] == 503


def test_a_request_without_a_caller_or_a_body_is_still_answered(ops: Ops) -> None:
    request = event("POST", {}, None)
    request["requestContext"]["authorizer"] = None
    assert ops.answer(request)[0] == 400


ACME = 'name = "acme"\n[defaults]\nthreshold = 0.8\n'


def test_rules_are_pushed_in_the_name_of_who_asks(ops: Ops) -> None:
    arn = "arn:aws:sts::123456789012:assumed-role/team/ada"
    status, pushed = ops.ask_as(arn, {"op": "push_rules", "text": ACME, "seq": None})
    assert (status, pushed["seq"], pushed["changed"]) == (200, 1, True)
    assert ops.ask({"op": "push_rules", "text": ACME})[1]["changed"] is False

    status, told = ops.ask({"op": "rules"})
    assert status == 200 and told["last_good"] is None
    assert (told["active"]["version"], told["active"]["pushed_by"]) == (pushed["version"], arn)


def test_every_fault_of_pushed_rules_is_told(ops: Ops) -> None:
    status, answer = ops.ask({"op": "push_rules", "text": "[defaults]\nthresold = 1\nmax_tags = -1"})
    assert status == 400 and "thresold" in answer["error"]["message"] and "max_tags" in answer["error"]["message"]


def test_a_push_that_somebody_else_was_quicker_than_is_a_conflict(ops: Ops) -> None:
    ops.rule_store.push(ACME)
    status, answer = ops.ask({"op": "push_rules", "text": RULES, "seq": 0})
    assert status == 409 and "pushed by somebody" in answer["error"]["message"]


def test_a_decision_is_replayed_under_its_own_rules_whatever_is_active(ops: Ops) -> None:
    ops.rule_store.versions.remember_rules(ops.fakes.rules.now[0].version, StoredVersion(RULES))
    ops.rule_store.push(ACME)
    for audit in ops.fakes.audits.records.values():
        status, told = ops.ask({"op": "replay", "audit_id": audit.audit_id})
        assert status == 200 and told == {
            "audit_id": audit.audit_id,
            "identical": True,
            "decided": True,
            "differences": [],
            "rules": {"name": "default", "version": audit.rules.version},
        }


def test_a_record_that_says_something_else_is_told(ops: Ops) -> None:
    ops.rule_store.versions.remember_rules(ops.fakes.rules.now[0].version, StoredVersion(RULES))
    audit = next(iter(ops.fakes.audits.records.values()))
    ops.fakes.audits.records[audit.audit_id] = replace(audit, mode="dry_run")
    told = ops.ask({"op": "replay", "audit_id": audit.audit_id})[1]
    assert told["identical"] is False and told["differences"] == ["mode: recorded dry_run, now apply"]


def test_an_audit_or_rules_that_are_not_stored_cannot_be_replayed(ops: Ops) -> None:
    status, answer = ops.ask({"op": "replay", "audit_id": "a1.1791460800000.abc"})
    assert status == 404 and "there is no audit 'a1.1791460800000.abc'" in answer["error"]["message"]
    audit = next(iter(ops.fakes.audits.records.values()))
    status, answer = ops.ask({"op": "replay", "audit_id": audit.audit_id})
    assert status == 404 and "this version is not stored" in answer["error"]["message"]


def test_what_a_person_did_needs_no_rules_to_replay(ops: Ops) -> None:
    handle(ops.fakes.deps, person(removed=("Guitar",), at=START + 99_000), ops.fakes.remaining)
    (audit,) = [audit for audit in ops.fakes.audits.records.values() if audit.trigger.kind == "person"]
    told = ops.ask({"op": "replay", "audit_id": audit.audit_id})[1]
    assert (told["identical"], told["decided"]) == (True, False)


def test_assets_are_scanned(ops: Ops) -> None:
    status, page = ops.ask({"op": "scan", "segment": 0, "segments": 1, "cursor": "", "limit": 10})
    assert status == 200 and page["cursor"] is None
    assert [asset["asset"]["asset_id"] for asset in page["assets"]] == ["a1"]


def test_the_services_health_is_told_whatever_of_it_cannot_be_read(ops: Ops) -> None:
    ops.probes.fails["queues"] = Retryable("SQS: AccessDenied")
    status, told = ops.ask({"op": "health"})
    assert status == 200 and told["rules"]["active"]["fault"] is None
    assert (told["queues"], told["faults"]) == (None, {"queues": "SQS: AccessDenied"})
    assert ops.ask({"op": "health", "more": 1})[0] == 400


@pytest.mark.parametrize(("access", "status"), [("view", 403), ("review", 403), ("operate", 200)])
def test_a_function_of_lower_access_pushes_no_rules(ops: Ops, access: Access, status: int) -> None:
    ops.deps = replace(ops.deps, access=access)
    answered, _ = ops.ask({"op": "push_rules", "text": RULES})
    assert answered == status
    assert (ops.rule_store.publication.item is None) == (status == 403)


def test_a_state_and_its_audits_tell_what_the_picture_needs_to_be_shown(ops: Ops) -> None:
    ops.reviews.cloud = "demo"
    _, shown = ops.ask({"op": "show", "asset": "a1"})
    _, (audit, *_) = ops.ask({"op": "audits", "asset": "a1"})
    for told in (shown, audit):
        assert (told["format"], told["version"], told["delivery"]) == ("jpg", 200, {"cloud_name": "demo"})
