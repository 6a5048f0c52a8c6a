"""DynamoDB's answers to scans, made once and given to AWS's client again and again, without a server."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from autotag.adapters.aws.dynamodb.items import Item, item_size

_SCAN = 2**20
"""Bytes of items in an answer of a scan."""


class ScanAnswers:
    """DynamoDB's answers to the scans of one page, as bytes, again and again."""

    def __init__(self, items: list[Item]) -> None:
        size, answers, some = 0, list[list[Item]](), list[Item]()
        for item in items:
            size += item_size(item)
            some.append(item)
            if size >= _SCAN:
                answers.append(some)
                size, some = 0, []
        answers += [some] if some else []
        self._bodies = [_body(part, last=part is answers[-1]) for part in answers]
        self._calls = 0

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        body = self._bodies[self._calls % len(self._bodies)]
        self._calls += 1
        return AWSResponse(request.url, 200, HTTPHeaders(), _Raw(body))


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def _body(items: list[Item], *, last: bool) -> bytes:
    shown = {"Items": [_as_sent(item) for item in items], "Count": len(items), "ScannedCount": len(items)}
    return json.dumps(shown if last else shown | {"LastEvaluatedKey": {"pk": items[-1]["pk"]}}).encode()


def _as_sent(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_sent(inner) for name, inner in value.items()}
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
