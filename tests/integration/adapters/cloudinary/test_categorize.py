"""Categorizing an asset, which may cost a unit: the call is never repeated by itself."""

import time

import pytest

from autotag.domain.errors import AutotagError, CredentialsRefused, Missing, Permanent, Retryable
from tests.integration.adapters.cloudinary.cloudinary_api import ASSET, HTML, NEW, Api, error
from tests.integration.adapters.cloudinary.cloudinary_server import Reply


def categorize(api: Api, *replies: Reply) -> dict[str, object]:
    api.server.replies = list(replies)
    return api.adapter.categorize(ASSET, "aws_rek_tagging", 30)


def test_an_add_on_looks_at_an_asset_through_the_upload_api(api: Api) -> None:
    assert categorize(api, Reply(200, {"asset_id": "a1", "info": {}})) == {"asset_id": "a1", "info": {}}
    (request,) = api.server.requests
    assert (request.method, request.path) == ("POST", "/v1_1/demo/image/explicit")
    assert (request.user, request.password) == ("222222222222222", "writer-test-secret")
    timestamp = request.form.pop("timestamp")
    assert request.form == {"public_id": [ASSET.public_id], "type": ["upload"], "categorization": ["aws_rek_tagging"]}
    assert abs(int(timestamp[0]) - time.time()) < 60
    assert api.limits == []  # the Upload API has no hourly limit


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(500, error("oops")), Retryable),
        (Reply(503, HTML), Retryable),
        (Reply(429, error()), Retryable),
        (Reply(420, error("units are used up")), Retryable),
        (Reply(fault="reset"), Retryable),
        (Reply(200, HTML), Retryable),
        (Reply(400, error("not subscribed")), Permanent),
        (Reply(404, error("not found")), Missing),
        (Reply(403, error("not allowed")), CredentialsRefused),
    ],
)
def test_a_call_that_may_cost_a_unit_is_never_repeated_by_itself(
    api: Api, reply: Reply, kind: type[AutotagError]
) -> None:
    with pytest.raises(kind):
        categorize(api, reply, Reply(200, {}))
    assert len(api.server.requests) == 1


def test_a_rotated_secret_is_tried_once_since_what_was_refused_cost_nothing(api: Api) -> None:
    api.secrets.stored = NEW
    assert categorize(api, Reply(401, HTML), Reply(200, {"asset_id": "a1"})) == {"asset_id": "a1"}
    assert [request.password for request in api.server.requests] == ["writer-test-secret", "new-secret"]
