"""The local Cloudinary answers every call of the Python SDK rightly, or says that it has no such call.

The calls are those that the SDK's public functions send, not a list of ours.
"""

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

import cloudinary.api
import cloudinary.uploader
import pytest
import requests
from starlette.routing import BaseRoute, Match, Route

from simulator.accounts.accounts import Account
from simulator.core.database import Database
from simulator.core.settings import Settings
from simulator.environment import Environment
from simulator.web.routes import api_routes
from simulator.web.unsupported import unsupported_routes
from tests.integration.sdk.conftest import receiver, sdk, simulator, simulator_process
from tests.integration.sdk.walk.sdk_calls import WITHOUT_REQUEST, Request, functions, picture, sent_by
from tests.integration.simulator.simulator_client import SIGNING_KEY, SIGNING_SECRET, Simulator

__all__ = ["receiver", "sdk", "simulator", "simulator_process"]

ENVIRONMENT = Environment.of(
    Account("demo", {SIGNING_KEY: SIGNING_SECRET}, "http://127.0.0.1"), Settings(), Database(None)
)
REFUSED = {"uploader.unsigned_upload": (400, "Upload preset not found")}
"""Calls that Cloudinary refuses, too, as they are made here."""


def library() -> dict[str, Any]:
    """Store an asset, a folder and a trigger, and return arguments by their names, such that calls find them."""
    asset = cloudinary.uploader.upload(
        picture(), public_id="guitarist", tags="music", context={"stage": "left"}, asset_folder="stage"
    )
    cloudinary.api.create_folder("empty")
    trigger = cloudinary.api.create_trigger("https://example.com/hook", "rename")
    if is_supported("/metadata_fields"):
        entries = [{"external_id": "one", "value": "1"}]
        cloudinary.api.add_metadata_field(
            {"external_id": "sku", "label": "SKU", "type": "enum", "datasource": {"values": entries}}
        )
    if is_supported("/upload_presets"):
        cloudinary.api.create_upload_preset(name="one", tags="music")
    return {
        "public_id": "guitarist", "from_public_id": "guitarist", "to_public_id": "drummer",
        "public_ids": ["guitarist"], "asset_id": asset["asset_id"], "asset_ids": [asset["asset_id"]],
        "tag": "music", "prefix": "guitar", "key": "stage", "context": {"stage": "right"}, "metadata": {"sku": "one"},
        "path": "empty", "of_folder_path": "stage", "asset_folder": "stage", "from_path": "empty", "to_path": "full",
        "file": picture(), "upload_preset": "unknown", "text": "Hello",
        "trigger_id": trigger["id"], "uri": "https://example.com/other", "new_uri": "https://example.com/new",
        "event_type": "upload", "receipt_handles": ["gone"],
        "name": "one", "definition": {"width": 100}, "transformation": {"width": 100},
        "transformations": [{"width": 100}], "derived_resource_ids": ["one"],
        "kind": "manual", "status": "pending", "version_ids": ["one"],
        "assets_to_relate": ["image/upload/drummer"], "assets_to_unrelate": ["image/upload/drummer"],
        "field": {"external_id": "size", "label": "Size", "type": "string"}, "field_external_id": "sku",
        "entries_external_id": ["one"], "entries_external_ids": ["one"],
        "rule": {"metadata_field_id": "sku"}, "rule_external_id": "one", "order_by": "label",
        "input_type": "uri", "analysis_type": "captioning",
    }  # fmt: skip


def answer_of(simulator: Simulator, request: Request) -> requests.Response:
    headers = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "content-length")}
    url = simulator.url + request.target
    return requests.request(request.method, url, headers=headers, data=request.body, timeout=30)


def shapes(routes: Sequence[BaseRoute]) -> set[tuple[str, str]]:
    """Return the methods and paths of routes, without the names of their parameters."""
    return {
        (method, re.sub(r"\{\w+", "{", route.path))
        for route in routes
        if isinstance(route, Route)
        for method in route.methods or ()
    }


UNSUPPORTED = shapes(unsupported_routes(ENVIRONMENT))


def is_supported(path: str) -> bool:
    return ("POST", f"/v1_1/{{}}{path}") not in UNSUPPORTED


def route_of(request: Request) -> tuple[str, dict[str, str]]:
    """Return the path of the route that answers, with the parts of the request's path that its parameters take."""
    scope = {"type": "http", "method": request.method, "path": unquote(request.target.partition("?")[0])}
    for route in api_routes(ENVIRONMENT):
        match, child = route.matches(scope)
        if match is Match.FULL and isinstance(route, Route):
            return route.path, child["path_params"]
    raise AssertionError(f"no route for {request.method} {request.target}")


@pytest.mark.usefixtures("sdk")
@pytest.mark.parametrize("name", sorted(functions().keys() - {f"api.{n}" for n in WITHOUT_REQUEST}
                                         - {f"uploader.{n}" for n in WITHOUT_REQUEST}))  # fmt: skip
def test_every_call_of_the_sdk_is_answered_or_named_as_missing(simulator: Simulator, name: str) -> None:
    stored = library()
    request = sent_by(name, stored)
    answer = answer_of(simulator, request)
    document = json.loads(answer.content)
    route, taken = route_of(request)
    if route in {r.path for r in unsupported_routes(ENVIRONMENT) if isinstance(r, Route)}:
        assert answer.status_code == 501
        assert document["error"]["message"].startswith("the local Cloudinary has no ")
    elif name in REFUSED:
        assert (answer.status_code, document["error"]["message"]) == REFUSED[name]
    else:
        assert answer.status_code == 200, document
        named = {value for key, value in taken.items() if key not in ("cloud", "resource_type", "type")}
        assert named <= {value for value in stored.values() if isinstance(value, str)}, (
            "a route for names took the call"
        )


def test_no_call_is_both_supported_and_unsupported() -> None:
    """A call of the first table would never reach its handler in the second."""
    supported = api_routes(ENVIRONMENT)[len(unsupported_routes(ENVIRONMENT)) :]
    assert not shapes(supported) & UNSUPPORTED


@pytest.mark.usefixtures("sdk")
def test_a_call_that_is_missing_names_itself_and_not_an_asset(simulator: Simulator) -> None:
    with pytest.raises(Exception, match="the local Cloudinary has no restore"):
        cloudinary.api.restore(["guitarist"])
    assert simulator.api("POST", "/resources/image/upload/update_access_mode").status_code == 501


@pytest.mark.usefixtures("sdk")
def test_an_asset_may_be_named_as_a_call_that_is_missing(simulator: Simulator) -> None:
    cloudinary.uploader.upload(picture(), public_id="restore")
    assert cloudinary.api.resource("restore")["public_id"] == "restore"


def test_a_missing_call_is_refused_to_strangers_as_any_other(simulator: Simulator) -> None:
    assert simulator.api("GET", "/transformations", auth=("unknown", "key")).status_code == 401


def test_archives_of_all_resource_types_are_named_as_missing(simulator: Simulator) -> None:
    answer = simulator.api("POST", "/all/generate_archive")
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        501,
        "the local Cloudinary has no generate_archive",
    )


def test_the_provisioning_api_is_named_as_missing(simulator: Simulator) -> None:
    answer = requests.get(f"{simulator.url}/v1_1/provisioning/accounts/one/users", timeout=30)
    assert answer.json()["error"]["message"] == "the local Cloudinary has no provisioning API"
    assert answer.status_code == 501
