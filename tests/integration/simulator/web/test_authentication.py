"""Who may call: Basic authentication and signatures of both versions, and what is refused."""

import time
from typing import Any

import cloudinary
import cloudinary.api
import cloudinary.uploader
import pytest
import requests
from cloudinary.exceptions import AuthorizationRequired, BadRequest, GeneralError
from cloudinary.utils import api_sign_request, verify_api_response_signature

from tests.integration.simulator.simulator_client import KEY, SECRET, SIGNING_KEY, SIGNING_SECRET, Simulator

pytestmark = pytest.mark.usefixtures("sdk")


def signed(params: dict[str, Any], **how: Any) -> dict[str, Any]:
    sent = {"timestamp": int(time.time()), **params}
    return {**sent, "api_key": KEY, "signature": api_sign_request(sent, SECRET, **how)}


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
@pytest.mark.parametrize("version", [1, 2])
def test_signatures_of_both_versions_and_algorithms_are_accepted(algorithm: str, version: int) -> None:
    answer = cloudinary.uploader.upload(
        b"x",
        public_id="a b",
        context={"alt": "salt & pepper"},
        tags=["x", "y"],
        signature_algorithm=algorithm,
        signature_version=version,
    )
    assert answer["context"] == {"custom": {"alt": "salt & pepper"}}
    assert verify_api_response_signature(answer["public_id"], answer["version"], answer["signature"], algorithm)


def test_every_key_of_the_account_may_call() -> None:
    keys = {"api_key": SIGNING_KEY, "api_secret": SIGNING_SECRET}
    assert cloudinary.uploader.upload(b"x", **keys)["api_key"] == SIGNING_KEY
    assert cloudinary.api.ping(**keys)["status"] == "ok"


def test_the_upload_api_takes_basic_authentication_too(simulator: Simulator) -> None:
    answer = simulator.api("POST", "/image/upload", data={"public_id": "a", "file": "data:,x"})
    assert answer.json()["api_key"] == KEY
    assert len(answer.headers["X-Request-Id"]) == 32


def test_a_parameter_that_was_not_signed_is_noticed(simulator: Simulator) -> None:
    data = {**signed({"public_id": "a"}), "tags": "smuggled", "file": "data:,x"}
    answer = simulator.api("POST", "/image/upload", data=data, auth=None)
    assert answer.status_code == 401
    message = answer.json()["error"]["message"]
    assert message.startswith(f"Invalid Signature {data['signature']}. String to sign - 'public_id=a&tags=")


@pytest.mark.parametrize(("action", "status"), [("tags", 200), ("upload", 401)])
def test_only_tags_and_context_leave_the_notification_url_out_of_the_signature(
    simulator: Simulator, action: str, status: int
) -> None:
    cloudinary.uploader.upload(b"x", public_id="a")
    params = {"command": "add", "tag": "t", "public_ids": ["a"], "file": None}
    data = signed({k: v for k, v in params.items() if v})
    data["public_ids[]"] = data.pop("public_ids")
    data["notification_url"] = "http://127.0.0.1:9/"
    assert simulator.api("POST", f"/image/{action}", data=data, auth=None).status_code == status


@pytest.mark.parametrize(("age", "accepted"), [(3500, True), (3700, False)])
def test_a_signature_is_good_for_an_hour(age: int, accepted: bool) -> None:
    stamp = int(time.time()) - age
    options = {"timestamp": stamp, "public_id": "a", "file": "data:,x"}
    sent = {"timestamp": stamp, "public_id": "a"}
    options |= {"api_key": KEY, "signature": api_sign_request(sent, SECRET)}
    url = f"{cloudinary.config().upload_prefix}/v1_1/demo/image/upload"
    answer = requests.post(url, data=options, timeout=30)
    assert answer.ok is accepted
    if not accepted:
        assert answer.status_code == 400
        assert answer.json()["error"]["message"].startswith("Stale request - reported time is ")


def test_wrong_keys_secrets_and_clouds_are_refused() -> None:
    with pytest.raises(AuthorizationRequired, match="Unknown API key 9"):
        cloudinary.uploader.upload(b"x", api_key="9", api_secret="s")
    with pytest.raises(AuthorizationRequired, match="Invalid Signature"):
        cloudinary.uploader.upload(b"x", api_secret="wrong")
    with pytest.raises(AuthorizationRequired, match="unknown api_key"):
        cloudinary.api.ping(api_key="9", api_secret="s")
    with pytest.raises(AuthorizationRequired, match="api_secret mismatch"):
        cloudinary.api.ping(api_secret="wrong")
    with pytest.raises(AuthorizationRequired, match="cloud_name mismatch"):
        cloudinary.api.ping(cloud_name="other")


def test_the_admin_api_may_answer_wrong_credentials_in_html(simulator: Simulator) -> None:
    simulator.settings(unauthorized_body="html")
    answer = simulator.api("GET", "/ping", auth=(KEY, "<wrong>"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "text/html; charset=utf-8")
    with pytest.raises(GeneralError, match="Error parsing server response"):
        cloudinary.api.ping(api_secret="wrong")
    refused = simulator.api("POST", "/image/destroy", data={"public_id": "a"}, auth=(KEY, "wrong"))
    assert refused.json()["error"]["message"] == "api_secret mismatch"


def test_refused_calls_have_no_effect_and_cost_nothing(simulator: Simulator) -> None:
    assert simulator.api("GET", "/ping", auth=None).status_code == 401
    assert simulator.api("POST", "/image/destroy", data={"public_id": "a"}, auth=None).status_code == 401
    assert simulator.control("GET", "/admin_budget")["used"] == 0
    assert [call["status"] for call in simulator.calls()] == [401, 401]


def test_an_upload_without_any_authentication_needs_a_preset(simulator: Simulator) -> None:
    answer = simulator.api("POST", "/image/upload", data={"file": "data:,x"}, auth=None)
    assert answer.status_code == 400
    assert "preset" in answer.json()["error"]["message"]


def test_bodies_that_cannot_be_read_are_refused(simulator: Simulator) -> None:
    json_header = {"Content-Type": "application/json"}
    for body in (b"{", b"[]", b'{"tags": "\\ud800"}', b"\xff"):
        answer = simulator.api("PUT", "/resources/0", data=body, headers=json_header)
        assert answer.status_code == 400, body
    multipart = {"Content-Type": "multipart/form-data"}
    assert simulator.api("POST", "/image/upload", data=b"--x", headers=multipart).status_code == 400


def test_unknown_paths_are_not_found(simulator: Simulator) -> None:
    answer = simulator.api("POST", "/image/paint")
    assert (answer.status_code, answer.json()) == (404, {"error": {"message": "Not Found"}})


def test_basic_authentication_that_cannot_be_read_is_refused(simulator: Simulator) -> None:
    for header in ("Basic !!!", "Bearer token", "Basic /w=="):
        headers = {"Authorization": header}
        answer = simulator.api("GET", "/ping", auth=None, headers=headers)
        assert answer.status_code == 401, header


def test_a_bad_timestamp_is_a_bad_request() -> None:
    with pytest.raises(BadRequest, match="Invalid timestamp"):
        cloudinary.uploader.call_api("destroy", {"public_id": "a", "timestamp": "1.5"})
