"""What the Python SDK makes of every refusal: the exception of its documentation, with the server's text."""

import re
from collections.abc import Callable
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import (
    AuthorizationRequired,
    BadRequest,
    Error,
    GeneralError,
    NotAllowed,
    NotFound,
    RateLimited,
)

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")


def upload(public_id: str = "a", **options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = cloudinary.uploader.upload(b"x", public_id=public_id, **options)
    return answer


@pytest.mark.parametrize(
    "call",
    [
        lambda: cloudinary.api.resource("gone"),
        lambda: cloudinary.api.resource_by_asset_id("0" * 32),
        lambda: cloudinary.api.update("gone", tags=["a"]),
        lambda: cloudinary.uploader.explicit("gone", type="upload"),
        lambda: cloudinary.uploader.rename("gone", "elsewhere"),
    ],
    ids=["resource", "resource by asset_id", "update", "explicit", "rename"],
)
def test_a_call_on_an_asset_that_is_not_there_is_not_found(call: Callable[[], object]) -> None:
    with pytest.raises(NotFound, match=r"Resource not found - (gone|0{32})"):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: upload(categorization="nonsense"), "Categorization item nonsense is not valid"),
        (
            lambda: cloudinary.uploader.explicit("b", type="upload", categorization="aws_rek_tagging,nonsense"),
            "Categorization item nonsense is not valid",
        ),
        (lambda: cloudinary.api.update("b", categorization="illegal"), "Illegal value"),
        (lambda: upload(categorization="aws_rek_tagging", auto_tagging=1.5), "auto_tagging"),
        (lambda: cloudinary.uploader.rename("b", "c"), "already exists"),
        (lambda: upload("a?b"), r"public_id \(a\?b\) is invalid"),
        (lambda: cloudinary.uploader.upload("data:image/png;base64,A"), "Invalid data URI"),
        (lambda: cloudinary.uploader.add_tag("x" * 256, ["b"]), "255"),
        (lambda: cloudinary.Search().expression("tags=(").execute(), "expression"),
        (lambda: cloudinary.api.resources(max_results=501), "max_results"),
        (lambda: cloudinary.uploader.unsigned_upload(b"x", "no-such-preset"), "Upload preset not found"),
    ],
    ids=[
        "upload with a wrong provider", "explicit with a wrong provider", "update with a wrong provider",
        "auto_tagging above 1", "rename onto another", "public_id", "data URI", "long tag", "search expression",
        "max_results", "upload preset",
    ],
)  # fmt: skip
def test_a_bad_request_is_refused_with_its_reason_and_changes_nothing(
    call: Callable[[], object], message: str, simulator: Simulator
) -> None:
    upload("b")
    upload("c")
    before = simulator.control("GET", "/assets")
    with pytest.raises(BadRequest, match=message):
        call()
    assert simulator.control("GET", "/assets") == before


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"api_key": "999"}, "999|api_key"), ({"api_secret": "wrong"}, "Invalid Signature|api_secret")],
    ids=["key", "secret"],
)
def test_wrong_credentials_are_refused_by_both_apis(wrong: dict[str, str], message: str, simulator: Simulator) -> None:
    with pytest.raises(AuthorizationRequired, match=message):
        upload(**wrong)
    with pytest.raises(AuthorizationRequired, match=message):
        cloudinary.api.ping(**wrong)
    with pytest.raises(AuthorizationRequired, match=message):
        cloudinary.api.update("a", tags=["x"], **wrong)
    assert simulator.control("GET", "/assets")["assets"] == []


def test_another_cloud_is_refused() -> None:
    with pytest.raises(AuthorizationRequired, match="cloud_name"):
        cloudinary.api.ping(cloud_name="another")


def test_wrong_credentials_may_be_told_in_html(simulator: Simulator) -> None:
    simulator.settings(unauthorized_body="html")
    with pytest.raises(GeneralError, match=r"Error parsing server response \(401\)"):
        cloudinary.api.ping(api_secret="wrong")


def test_a_request_signed_more_than_an_hour_ago_is_stale(simulator: Simulator) -> None:
    simulator.control("PUT", "/clock", {"offset": 3700})
    with pytest.raises(BadRequest, match=r"Stale request - reported time is .* which is more than 1 hour ago"):
        upload()
    assert simulator.control("GET", "/assets")["assets"] == []


def test_the_hours_limit_refuses_admin_calls_alone(simulator: Simulator) -> None:
    simulator.settings(admin_limit=2)
    upload()
    assert [cloudinary.api.ping().rate_limit_remaining for _ in range(2)] == [1, 0]

    text = r"^Error 420 - Rate Limit Exceeded\. Limit of 2 api operations reached\. Try again on [-0-9: ]{19} UTC$"
    with pytest.raises(RateLimited, match=text):
        cloudinary.api.resource("a")
    assert cloudinary.uploader.add_tag("x", ["a"])["public_ids"] == ["a"]
    refused = simulator.api("GET", "/ping")
    assert (refused.status_code, refused.headers["X-FeatureRateLimit-Remaining"]) == (420, "0")
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:00:00 GMT", refused.headers["X-FeatureRateLimit-Reset"])

    simulator.control("PUT", "/clock", {"offset": 3600})
    assert cloudinary.api.ping().rate_limit_remaining == 1


def test_an_add_on_that_is_used_up_or_not_subscribed_to_is_told_apart(simulator: Simulator) -> None:
    simulator.mode("used", "quota_exhausted")
    simulator.mode("none", "not_subscribed")

    with pytest.raises(RateLimited, match="quota"):
        upload("used", categorization="aws_rek_tagging")
    with pytest.raises(NotAllowed, match="You don't have an active subscription for Amazon Rekognition Auto Tagging"):
        upload("none", categorization="aws_rek_tagging")
    assert simulator.control("GET", "/assets")["assets"] == []


@pytest.mark.parametrize(("status", "error"), [(429, RateLimited), (500, GeneralError), (503, GeneralError)])
def test_failures_of_the_service_come_as_the_sdk_names_them(
    status: int, error: type[Error], simulator: Simulator
) -> None:
    simulator.control("POST", "/faults", {"match": {"path": "*"}, "fault": {"status": status}})
    with pytest.raises(error):
        cloudinary.api.ping()
    with pytest.raises(error):
        upload()


def test_a_connection_that_breaks_is_told_and_nothing_is_stored(simulator: Simulator) -> None:
    simulator.control("POST", "/faults", {"match": {"path": "*/upload"}, "fault": {"drop": True}})
    with pytest.raises(Error, match="Unexpected error"):
        upload()
    assert simulator.control("GET", "/assets")["assets"] == []


def test_errors_can_be_returned_in_place_of_raised() -> None:
    answer = upload(categorization="nonsense", return_error=True)
    assert answer["error"]["http_code"] == 400
    assert answer["error"]["message"] == "Categorization item nonsense is not valid"
    assert len(answer["error"]["request_id"]) == 32
