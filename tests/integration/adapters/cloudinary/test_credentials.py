"""The credentials of the calls: rotated, refused, and what the secret says of the account."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import CredentialsRefused
from tests.integration.adapters.cloudinary.cloudinary_api import HTML, NEW, OLD, TAGGED, Api
from tests.integration.adapters.cloudinary.cloudinary_server import Reply


def test_a_secret_that_was_rotated_is_read_again_once(api: Api) -> None:
    api.secrets.stored = NEW
    assert api.tag(Reply(401, HTML), TAGGED)
    assert [request.password for request in api.server.requests] == ["writer-test-secret", "new-secret"]
    assert api.tag(TAGGED)
    assert api.server.requests[-1].password == "new-secret"


def test_a_secret_that_was_not_rotated_is_not_tried_again(api: Api) -> None:
    with pytest.raises(CredentialsRefused):
        api.tag(Reply(401, HTML), TAGGED)
    assert len(api.server.requests) == 1


def test_a_rotated_secret_that_is_refused_too_stops_there(api: Api) -> None:
    api.secrets.stored = NEW
    with pytest.raises(CredentialsRefused):
        api.tag(Reply(401, HTML))
    assert len(api.server.requests) == 2


def test_own_keys_are_the_one_that_calls_and_those_before_it(api: Api) -> None:
    assert api.adapter.own_keys() == {"222222222222222"}
    api.secrets.stored = replace(OLD, api_key="333", previous_api_keys=("222222222222222",))
    assert api.adapter.own_keys(newest=True) == {"333", "222222222222222"}


@pytest.mark.parametrize("known", [True, False, None])
def test_whether_tags_are_kept_on_overwrite_is_what_the_secret_says(api: Api, known: bool | None) -> None:
    api.secrets.cached = replace(OLD, keeps_tags=known)
    assert api.adapter.keeps_tags() is known
