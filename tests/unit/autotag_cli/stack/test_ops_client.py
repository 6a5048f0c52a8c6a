"""Asking the ops function: signed so that AWS can check it, page by page, every refusal a sentence."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import pytest

from autotag.domain.errors import Invalid, Missing
from autotag.service.runs.requests import ControlRun
from autotag_cli.errors import AccessDenied, Failure
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.stack.target import Keys, Reply
from tests.unit.autotag_cli.fake_ops import FakeOps, refusal
from tests.unit.autotag_cli.run_command import EVENTS, TARGET

GUITARIST = json.loads((EVENTS / "responses" / "upload-guitarist.json").read_bytes())


def signature_of(url: str, headers: Mapping[str, str], body: bytes, region: str, keys: Keys) -> str:
    """Compute a request's SigV4 signature from AWS's description of it alone."""
    lower = {name.lower(): value.strip() for name, value in headers.items()} | {"host": urlsplit(url).netloc}
    names = re.findall(r"SignedHeaders=([^,]+)", headers["Authorization"])[0]
    canonical_headers = "".join(f"{name}:{lower[name]}\n" for name in names.split(";"))
    payload = hashlib.sha256(body).hexdigest()
    canonical = "\n".join(("POST", urlsplit(url).path, "", canonical_headers, names, payload))
    moment = lower["x-amz-date"]
    scope = f"{moment[:8]}/{region}/lambda/aws4_request"
    to_sign = "\n".join(("AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = f"AWS4{keys.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, to_sign.encode(), "sha256").hex()


def test_requests_are_signed_for_lambda_in_the_stacks_region() -> None:
    seen: list[tuple[str, Mapping[str, str], bytes]] = []

    def post(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        seen.append((url, headers, body))
        return Reply(200, b"{}")

    OpsClient(TARGET, post).show("zoo/koala5")

    ((url, headers, body),) = seen
    assert url == TARGET.ops_url
    assert json.loads(body) == {"op": "show", "asset": "zoo/koala5"}
    assert headers["X-Amz-Security-Token"] == "session"
    authorization = headers["Authorization"]
    assert re.match(r"AWS4-HMAC-SHA256 Credential=AKID/\d{8}/eu-west-1/lambda/aws4_request, ", authorization)
    for name in ("content-type", "host", "x-amz-date", "x-amz-security-token"):
        assert name in re.findall(r"SignedHeaders=([^,]+)", authorization)[0].split(";")
    expected = signature_of(url, headers, body, TARGET.region, TARGET.keys)
    assert authorization.endswith(f"Signature={expected}")


URLS = {"ViewUrl": "https://view/", "ReviewUrl": "https://review/", "OpsUrl": "https://ops/"}


@pytest.mark.parametrize(
    ("ask", "url"),
    [
        (lambda ops: ops.show("guitarist"), "https://view/"),
        (lambda ops: ops.show_run("0" * 32), "https://view/"),
        (lambda ops: ops.review_decide(()), "https://review/"),
        (lambda ops: ops.review_sample(()), "https://review/"),
        (lambda ops: ops.show_run("0" * 32, advance=True), "https://ops/"),
        (lambda ops: ops.control_run(ControlRun("0" * 32, "pause")), "https://ops/"),
    ],
)
def test_a_request_goes_to_the_url_that_needs_least_access(ask: Callable[[OpsClient], object], url: str) -> None:
    seen = []

    def post(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        seen.append(url)
        return Reply(200, b"{}")

    ask(OpsClient(TARGET._replace(outputs=URLS), post))
    ask(OpsClient(TARGET, post))  # a stack of an older release has one URL

    assert seen == [url, TARGET.ops_url]


def test_a_caller_without_access_is_pointed_to_the_policy_that_gives_it() -> None:
    target = TARGET._replace(outputs=URLS | {"OperatorPolicyArn": "arn:aws:iam::1:policy/Operator"})
    with pytest.raises(AccessDenied, match=r"does not let you operate on 'prod'.*policy/Operator gives them"):
        OpsClient(target, lambda url, headers, body: Reply(403, b"")).push_rules("", None)


@pytest.mark.parametrize("limit, pages", [(1, [1]), (100, [100]), (150, [100, 50]), (1000, [100, 100, 100, 100])])
def test_audits_are_read_page_by_page(limit: int, pages: list[int]) -> None:
    ops = FakeOps()
    ops.again(ops.decided(GUITARIST), 249)

    found = OpsClient(TARGET, ops).audits("guitarist", limit)

    assert len(found) == min(limit, 250)
    assert [request["limit"] for _, _, request in ops.received] == pages
    ids = [record["audit_id"] for record in found]
    assert ids == sorted(set(ids), reverse=True)


def test_audits_that_do_not_fit_into_one_answer_are_read_all_the_same() -> None:
    ops = FakeOps()
    labels = [{"tag": f"label {n}", "confidence": 0.9} for n in range(1000)]
    found = {"categorization": {"aws_rek_tagging": {"status": "complete", "data": labels}}}
    ops.again(ops.decided(GUITARIST | {"info": found}), 59)

    audits = OpsClient(TARGET, ops).audits("guitarist", 100)

    ids = [record["audit_id"] for record in audits]
    assert len(ids) == 60 and ids == sorted(set(ids), reverse=True)
    assert len(ops.received) > 2  # several short pages, and the empty one


def test_an_unknown_asset_is_missing() -> None:
    with pytest.raises(Missing, match="no asset 'nobody' was ever seen"):
        OpsClient(TARGET, FakeOps()).show("nobody")


def test_a_name_of_several_assets_lists_their_ids() -> None:
    ops = FakeOps()
    for asset_id in ("a1", "a2"):
        ops.decided(GUITARIST | {"asset_id": asset_id})

    with pytest.raises(Invalid, match="expected one of the asset_ids a1, a2"):
        OpsClient(TARGET, ops).audits("guitarist", 20)


@pytest.mark.parametrize(
    "reply, sentence",
    [
        (Reply(403, b'{"Message":"Forbidden"}'), "the caller needs lambda:InvokeFunctionUrl"),
        (Reply(404, b"<html>"), "there is no ops function of 'prod' at https://ops"),
        (Reply(400, b""), r"the ops function of 'prod' failed \(400\)"),
        (refusal(503, "DynamoDB: ThrottlingException"), "busy, try again: DynamoDB: ThrottlingException"),
        (Reply(429, b""), "busy, try again: 429"),
        (Reply(502, b"Internal Server Error"), r"failed \(502\), its log says why"),
        (Reply(307, b""), r"failed \(307\)"),
        (Reply(200, b"<html>"), "answer is not understood"),
        (Reply(200, b"[]"), "answer is not understood"),
        (Reply(200, b'{"x":' + b"[" * 9999), "answer is not understood"),
        (Reply(500, b'{"x":' + b"[" * 9999), r"failed \(500\)"),
        (Reply(200, b'{"x":"\xff"}'), "answer is not understood"),
    ],
)
def test_any_other_answer_is_a_failure_in_one_sentence(reply: Reply, sentence: str) -> None:
    with pytest.raises(Failure, match=sentence):
        OpsClient(TARGET, lambda url, headers, body: reply).show("guitarist")
