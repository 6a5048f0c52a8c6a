"""Reading one asset by its id through the Admin API."""

import pytest

from autotag.domain.errors import Invalid, Missing, Retryable
from tests.integration.adapters.cloudinary.cloudinary_api import HTML, Api, error
from tests.integration.adapters.cloudinary.cloudinary_server import Reply


def test_an_asset_is_read_by_its_id_through_the_admin_api(api: Api) -> None:
    assert api.read(Reply(200, {"asset_id": "a1", "tags": ["x"]})) == {"asset_id": "a1", "tags": ["x"]}
    (request,) = api.server.requests
    assert (request.method, request.path) == ("GET", "/v1_1/demo/resources/a1")


@pytest.mark.parametrize("asset_id", ["..", "a/b", "", "a b", "a?b", "é"])
def test_nothing_is_asked_about_what_is_no_asset_id(api: Api, asset_id: str) -> None:
    with pytest.raises(Invalid, match="asset_id"):
        api.read(Reply(), asset_id=asset_id)
    assert api.server.requests == []


def test_an_asset_that_cannot_be_read_is_missing(api: Api) -> None:
    with pytest.raises(Missing, match="404"):
        api.read(Reply(404, error("not found")))


def test_a_404_that_is_not_cloudinarys_does_not_make_an_asset_missing(api: Api) -> None:
    with pytest.raises(Retryable, match="404"):
        api.read(Reply(404, HTML))
