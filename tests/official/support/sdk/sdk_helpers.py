"""``test/helper_test.py`` of the Python SDK's tests, which its source distribution lacks: the names that they import.

Written from how the tests use each name. Installed beside the tests by ``test_folders.py``.
"""

import json
import os
import re
import traceback
import unittest
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import IO, Any
from unittest import mock
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from cloudinary import api
from urllib3 import HTTPResponse
from urllib3._collections import HTTPHeaderDict

__all__ = ["mock", "patch"]

SUFFIX = "48213"
"""Part of every name that the tests store. Each run has a new local Cloudinary, so it never needs to change."""

TEST_TAG = "official_sdk"
UNIQUE_TAG = f"{TEST_TAG}_{SUFFIX}"
UNIQUE_TEST_ID = UNIQUE_TAG
UNIQUE_SUB_ACCOUNT_ID = UNIQUE_TAG
TEST_FOLDER = "official_folder"
UNIQUE_TEST_FOLDER = f"{TEST_FOLDER}_{SUFFIX}"
MOCK_REQUEST_ID = "5f1d9c3be07a48e2b6d4"

RESOURCES = Path(__file__).parent / "resources"
TEST_IMAGE = str(RESOURCES / "logo.png")
TEST_UNICODE_IMAGE = str(RESOURCES / "logo_žluťák.png")
TEST_DOC = str(RESOURCES / "document.docx")
TEST_ICON = str(RESOURCES / "icon.ico")
TEST_IMAGE_SIZE = os.path.getsize(TEST_IMAGE)
REMOTE_TEST_IMAGE = "http://cloudinary.example/logo.png"

EVAL_STR = "upload_options['tags'] = 'evaluated'"
ON_SUCCESS_STR = "current_asset.update({tags: ['uploaded']});"
URLLIB3_REQUEST = "urllib3._request_methods.RequestMethods.request"

_RATE_LIMIT = {
    "x-featureratelimit-limit": "500",
    "x-featureratelimit-reset": "Thu, 01 Jan 2026 10:00:00 GMT",
    "x-featureratelimit-remaining": "499",
}


class UTC(tzinfo):
    """Universal time as a time zone that the tests create themselves."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """Return no offset."""
        return timedelta(0)

    def dst(self, moment: datetime | None) -> timedelta:
        """Return no offset."""
        return timedelta(0)

    def tzname(self, moment: datetime | None) -> str:
        """Return the name of the zone."""
        return "UTC"


class CldTestCase(unittest.TestCase):
    """A test case with one assertion more."""

    def assertObjectContainsSubset(self, actual: dict[str, Any], expected: dict[str, Any]) -> None:
        """Fail unless ``actual`` has every key of ``expected`` with the same value."""
        self.assertEqual(expected, {key: actual[key] for key in expected if key in actual})


def http_response_mock(body: str = "", headers: dict[str, str] | None = None, status: int = 200) -> HTTPResponse:
    """Return what urllib3 returns for an answer."""
    return HTTPResponse(body.encode(), HTTPHeaderDict(headers or {}), status=status)


def api_response_mock(body: str = '{"foo":"bar"}') -> HTTPResponse:
    """Return an answer of the Admin API, with its rate limit."""
    return http_response_mock(body, _RATE_LIMIT)


def uploader_response_mock() -> HTTPResponse:
    """Return an answer of the Upload API."""
    return http_response_mock('{"foo":"bar"}')


def get_method(mocker: mock.Mock) -> str:
    """Return the HTTP method of the last request."""
    return str(mocker.call_args.kwargs["method"])


def get_uri(mocker: mock.Mock) -> str:
    """Return the URL of the last request, without the query of a GET."""
    return str(mocker.call_args.kwargs["url"]).partition("?")[0]


def get_headers(mocker: mock.Mock) -> dict[str, str]:
    """Return the headers of the last request."""
    headers: dict[str, str] = mocker.call_args.kwargs["headers"]
    return headers


def get_json_body(mocker: mock.Mock) -> Any:
    """Return the JSON that the last request sent."""
    return json.loads(mocker.call_args.kwargs["body"])


def get_params(mocker: mock.Mock) -> dict[str, Any]:
    """Return the parameters of the last request: of its query, its JSON or its form.

    Those named ``key[]`` or ``key[0]`` are one list ``key``.
    """
    request = mocker.call_args.kwargs
    if request.get("body"):
        document: dict[str, Any] = json.loads(request["body"])
        return document
    fields = request.get("fields") or parse_qsl(urlsplit(request["url"]).query, keep_blank_values=True)
    params: dict[str, Any] = {}
    for name, value in fields.items() if isinstance(fields, dict) else fields:
        if listed := re.fullmatch(r"(.*)\[\d*\]", name):
            params.setdefault(listed[1], []).append(value)
        else:
            params[name] = value
    return params


def get_param(mocker: mock.Mock, name: str) -> Any:
    """Return one parameter of the last request, None without it."""
    return get_params(mocker).get(name)


def get_list_param(mocker: mock.Mock, name: str) -> Any:
    """Return a parameter of the last request that is a list."""
    return get_params(mocker)[name]


def retry_assertion(*_: Any, **__: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that changes nothing: the local Cloudinary answers truly at once, so no test is retried."""
    return lambda test: test


@contextmanager
def ignore_exception(
    error_classes: tuple[type[Exception], ...] = (Exception,),
    suppress_traceback_classes: tuple[type[Exception], ...] = (),
) -> Iterator[None]:
    """Ignore ``error_classes``; print where they were raised, except for ``suppress_traceback_classes``."""
    try:
        yield
    except error_classes as error:
        if not isinstance(error, suppress_traceback_classes):
            traceback.print_exc()


def populate_large_file(file: IO[bytes], size: int) -> None:
    """Fill ``file`` with a BMP picture of 1400 by 1400 that has ``size`` bytes, and rewind it."""
    pixels = 138  # where they start: a file header of 14 bytes, a header of version 5 of 124 bytes
    header = b"BM" + size.to_bytes(4, "little") + bytes(4) + pixels.to_bytes(4, "little")
    header += (124).to_bytes(4, "little") + (1400).to_bytes(4, "little") * 2
    header += (1).to_bytes(2, "little") + (24).to_bytes(2, "little")
    file.write(header.ljust(pixels, b"\0"))
    file.write(b"\x7f" * (size - pixels))
    file.seek(0)


def cleanup_test_resources(calls: Iterable[tuple[Any, ...]]) -> None:
    """Delete assets: each call has public_ids and, optionally, options of ``api.delete_resources``."""
    for public_ids, *options in calls:
        api.delete_resources(public_ids, **(options[0] if options else {}))


def cleanup_test_resources_by_tag(calls: Iterable[tuple[Any, ...]]) -> None:
    """Delete assets: each call has a tag and, optionally, options of ``api.delete_resources_by_tag``."""
    for tag, *options in calls:
        api.delete_resources_by_tag(tag, **(options[0] if options else {}))


def cleanup_test_transformation(calls: Iterable[tuple[Any, ...]]) -> None:
    """Do nothing: the local Cloudinary keeps no transformations."""
