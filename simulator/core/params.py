"""The parameters of a call, decoded from JSON, a form, multipart or the query string."""

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from simulator.core.errors import ApiError, missing_parameter

_LIST_KEY = re.compile(r"(\w+)\[\d*\]")
_MAX_FIELDS = 10_000
_MAX_FIELD_BYTES = 100 * 1024 * 1024  # a data URI is sent as a plain field
_TRUE = frozenset({"true", "1", "t", "yes"})


@dataclass(frozen=True)
class SentFile:
    """The bytes and the name of a multipart file."""

    name: str
    data: bytes


@dataclass
class Params:
    """Decoded parameters. ``name[]`` and ``name[0]`` become entries of a list under ``name``."""

    values: dict[str, str | list[str]] = field(default_factory=dict)
    file: SentFile | None = None

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as text; a list is joined by commas."""
        value = self.values.get(name, default)
        return ",".join(value) if isinstance(value, list) else value

    def required(self, name: str) -> str:
        """Return a required parameter. Raises ``ApiError`` 400 if it is missing or empty."""
        text = self.text(name)
        if not text:
            raise missing_parameter(name)
        return text

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a boolean parameter."""
        text = self.text(name)
        return text.lower() in _TRUE if text else default

    def names(self, name: str) -> list[str]:
        """Return a list parameter. Commas separate entries too, and white space around entries is removed."""
        value = self.values.get(name, [])
        entries = value if isinstance(value, list) else [value]
        return [part.strip() for entry in entries for part in entry.split(",") if part.strip()]

    def ids(self, name: str) -> list[str]:
        """Return a list of public ids. Commas separate ids only if they were sent as one text, not as a list."""
        value = self.values.get(name, [])
        return value if isinstance(value, list) else self.names(name)

    def limited_ids(self, name: str, maximum: int) -> list[str]:
        """Return from one to ``maximum`` ids, without duplicates. Raises ``ApiError`` 400 for none or more."""
        ids = self.ids(name)
        if not ids:
            raise missing_parameter(name)
        if len(ids) > maximum:
            raise ApiError(400, f"Too many {name} - {len(ids)} (maximum is {maximum})")
        return list(dict.fromkeys(ids))

    def add(self, key: str, value: str) -> None:
        """Add one parameter as it was sent."""
        match = _LIST_KEY.fullmatch(key)
        if match is None:
            self.values[key] = value
            return
        entries = self.values.setdefault(match[1], [])
        if isinstance(entries, list):
            entries.append(value)


async def read_params(request: Request) -> Params:
    """Decode the query string and the body of ``request``. Raises ``ApiError`` 400 if they are invalid."""
    params = Params()
    for key, text in request.query_params.multi_items():
        params.add(key, text)
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/json"):
        _add_json(params, await request.body())
        return params
    try:
        form = await request.form(max_files=16, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD_BYTES)
    except HTTPException as error:
        raise ApiError(400, error.detail) from error
    for key, part in form.multi_items():
        if not isinstance(part, UploadFile):
            params.add(key, part)
        elif key == "file":
            params.file = SentFile(part.filename or "file", await part.read())
    await form.close()
    return params


def _add_json(params: Params, body: bytes) -> None:
    if not body:
        return
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ApiError(400, "Invalid JSON in request body") from error
    if not isinstance(document, dict):
        raise ApiError(400, "Invalid JSON in request body")
    for name, value in document.items():
        if isinstance(value, list):
            params.values[name] = [_as_text(entry) for entry in value]
        elif value is not None:
            params.values[name] = _as_text(value)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
