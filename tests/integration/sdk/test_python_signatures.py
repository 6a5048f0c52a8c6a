"""Requests as the Python SDK signs them, and how else it is configured."""

import os
import subprocess
import sys
from typing import Any

import cloudinary
import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import AuthorizationRequired
from cloudinary.utils import verify_api_response_signature

from tests.integration.sdk.sdk_configuration import CLOUD, cloudinary_url
from tests.integration.simulator.simulator_client import KEY, SECRET, SIGNING_KEY, SIGNING_SECRET, Receiver, Simulator

pytestmark = pytest.mark.usefixtures("sdk")

SIGNED: dict[str, Any] = {
    "tags": ["rock & roll", "100 %"],
    "context": {"alt": "a=b|c&d", "é": "ü"},
    "display_name": "you & me",
    "overwrite": False,
}
"""Parameters that the versions of the signature write differently."""


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_both_versions_and_both_digests_are_accepted(version: int, algorithm: str) -> None:
    cloudinary.config(signature_version=version, signature_algorithm=algorithm)

    cloudinary.uploader.upload(b"x", public_id="a", **SIGNED)
    cloudinary.uploader.explicit("a", type="upload", tags=SIGNED["tags"])
    cloudinary.uploader.add_tag("R&B", ["a"])
    cloudinary.uploader.add_context({"x": "y&z"}, ["a"])
    cloudinary.uploader.rename("a", "b")

    stored = cloudinary.api.resource("b")
    assert stored["tags"] == ["100 %", "R&B", "rock & roll"]
    assert stored["context"]["custom"] == {"alt": "a=b|c&d", "é": "ü", "x": "y&z"}
    assert cloudinary.uploader.destroy("b")["result"] == "ok"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_parameter_changed_after_signing_is_refused(algorithm: str, simulator: Simulator) -> None:
    params = cloudinary.utils.sign_request(
        {"timestamp": cloudinary.utils.now(), "public_id": "a", "tags": "x"}, {"signature_algorithm": algorithm}
    )
    sent = params | {"tags": "y"}
    refused = simulator.api("POST", "/image/upload", auth=None, data=sent, files={"file": b"x"})
    assert (refused.status_code, simulator.control("GET", "/assets")["assets"]) == (401, [])
    assert refused.json()["error"]["message"].startswith("Invalid Signature ")
    assert simulator.api("POST", "/image/upload", auth=None, data=params, files={"file": b"x"}).ok


def test_where_a_notification_goes_is_not_part_of_a_tag_calls_signature(receiver: Receiver) -> None:
    cloudinary.uploader.upload(b"x", public_id="a")
    cloudinary.uploader.add_tag("new", ["a"], notification_url=receiver.url, batch_id="b1")
    [notification] = receiver.wait("resource_tags_changed")
    assert notification.body["batch_id"] == "b1"


def test_answers_are_signed_with_the_calling_keys_secret() -> None:
    answer = cloudinary.uploader.upload(b"x", api_key=KEY, api_secret=SECRET)
    identity = answer["public_id"], answer["version"], answer["signature"]

    assert not verify_api_response_signature(*identity)
    cloudinary.config(api_secret=SECRET)
    assert verify_api_response_signature(*identity)


def test_an_account_of_sha256_signs_its_answers_so(simulator: Simulator) -> None:
    simulator.settings(notification_algorithm="sha256")
    cloudinary.config(signature_algorithm="sha256")
    answer = cloudinary.uploader.upload(b"x")
    assert verify_api_response_signature(answer["public_id"], answer["version"], answer["signature"])


def test_a_key_works_with_its_own_secret_only() -> None:
    assert cloudinary.api.ping(api_key=KEY, api_secret=SECRET) == {"status": "ok"}
    with pytest.raises(AuthorizationRequired):
        cloudinary.api.ping(api_key=KEY, api_secret=SIGNING_SECRET)
    with pytest.raises(AuthorizationRequired):
        cloudinary.uploader.upload(b"x", api_key=SIGNING_KEY, api_secret=SECRET)


def test_calls_are_configured_by_code_as_well(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDINARY_URL")
    cloudinary.reset_config()
    cloudinary.config(cloud_name=CLOUD, api_key=KEY, api_secret=SECRET, upload_prefix=simulator.url)

    assert cloudinary.uploader.upload(b"x", public_id="a")["api_key"] == KEY
    assert cloudinary.api.resource("a")["public_id"] == "a"


def test_a_new_process_needs_nothing_but_the_environment_variable(simulator: Simulator) -> None:
    program = "import cloudinary.uploader as u; print(u.upload('data:;base64,eA==', public_id='fresh')['public_id'])"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLOUDINARY_")}
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={**kept, "CLOUDINARY_URL": cloudinary_url(simulator.url, KEY, SECRET)},
        capture_output=True, text=True, timeout=20, check=True,
    )  # fmt: skip
    assert (ended.stdout, ended.stderr) == ("fresh\n", "")
    assert [call["key"] for call in simulator.calls(path="*/upload")] == [KEY]
