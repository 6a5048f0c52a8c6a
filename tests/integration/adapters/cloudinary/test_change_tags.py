"""Changing tags of one asset and of many through the Upload API."""

import time

import pytest

from autotag.domain.errors import CredentialsRefused, Permanent, Retryable
from tests.integration.adapters.cloudinary.cloudinary_api import ASSET, HTML, TAGGED, Api, error
from tests.integration.adapters.cloudinary.cloudinary_server import Reply


def test_tags_are_changed_by_public_id_through_the_upload_api(api: Api) -> None:
    assert api.tag(TAGGED, tags=("Gitarre 🎸", "rock & roll"))
    (request,) = api.server.requests
    assert (request.method, request.path) == ("POST", "/v1_1/demo/image/tags")
    assert (request.user, request.password) == ("222222222222222", "writer-test-secret")
    timestamp = request.form.pop("timestamp")
    assert request.form == {
        "command": ["add"],
        "tag": ["Gitarre 🎸,rock & roll"],
        "public_ids[]": [ASSET.public_id],
        "type": ["upload"],
    }
    assert abs(int(timestamp[0]) - time.time()) < 60


MANY = tuple(f"Bühne/{n} a&b 🎸" for n in range(1000))


def of_many(api: Api, *replies: Reply, public_ids: tuple[str, ...] = MANY) -> frozenset[str]:
    api.server.replies = list(replies)
    return api.adapter.change_tags_of("video", "private", public_ids, "remove", ("Gitarre 🎸", "Katze"), 30)


def test_a_thousand_assets_are_changed_with_one_call(api: Api) -> None:
    assert of_many(api, Reply(200, {"public_ids": list(MANY)})) == set(MANY)
    (request,) = api.server.requests
    assert (request.method, request.path) == ("POST", "/v1_1/demo/video/tags")
    timestamp = request.form.pop("timestamp")
    assert request.form == {
        "command": ["remove"],
        "tag": ["Gitarre 🎸,Katze"],
        "public_ids[]": list(MANY),
        "type": ["private"],
    }
    assert abs(int(timestamp[0]) - time.time()) < 60


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"public_ids": ["a", "b", "elsewhere"]}, {"a", "b", "elsewhere"}),
        ({"public_ids": ["a"]}, {"a"}),
        ({"public_ids": []}, set()),
        ({"public_ids": None}, set()),
        ({"public_ids": "a"}, set()),
        ({"public_ids": {"a": 1}}, set()),
        ({"public_ids": [7, None, "a"]}, {"7", "None", "a"}),
        ({}, set()),
    ],
)
def test_which_of_several_assets_an_answer_names(api: Api, answer: object, named: set[str]) -> None:
    assert of_many(api, Reply(200, answer), public_ids=("a", "b")) == named


def test_a_joint_call_is_refused_delayed_and_repeated_like_any_other(api: Api) -> None:
    with pytest.raises(Permanent, match="too many tags"):
        of_many(api, Reply(400, error("too many tags")))
    with pytest.raises(CredentialsRefused):
        of_many(api, Reply(401, HTML))
    with pytest.raises(Retryable) as told:
        of_many(api, Reply(503, error(), {"Retry-After": "60"}))
    assert told.value.delay == 60
    assert of_many(api, Reply(404, HTML)) == set()
    assert of_many(api, Reply(503, HTML), Reply(200, {"public_ids": ["a"]})) == {"a"}
    assert of_many(api, Reply(fault="reset"), Reply(200, {"public_ids": ["a"]})) == {"a"}


@pytest.mark.parametrize("public_ids", [[], ["other"], None, "Bühne/Gitarrist 🎸 a&b", {}])
def test_an_answer_that_does_not_name_the_asset_is_told(api: Api, public_ids: object) -> None:
    assert api.tag(Reply(200, {"public_ids": public_ids})) is False
    assert api.tag(Reply(200, {})) is False


@pytest.mark.parametrize("body", [error("not found"), HTML])
def test_tags_that_nobody_took_prove_no_absence(api: Api, body: object) -> None:
    """A wrong base address or type answers 404 too: only reading the asset tells whether it is gone."""
    assert api.tag(Reply(404, body)) is False
