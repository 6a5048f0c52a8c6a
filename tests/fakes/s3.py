"""A bucket of S3 in memory, as far as exports use it, with the errors of botocore."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError


def refused(code: str, call: str) -> ClientError:
    """Return the error that botocore raises for an answer of S3 with this code."""
    return ClientError({"Error": {"Code": code, "Message": f"S3 says {code}"}}, call)


class FakeS3:
    """A client of S3. ``fails``: the code that every call is refused with, if it is set."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.fetched: list[str] = []
        self.fails = ""

    def put_object(
        self, *, Key: str, Body: Any, Metadata: dict[str, str] | None = None, IfNoneMatch: str = "", **_: Any
    ) -> None:
        self._may_fail("PutObject")
        if IfNoneMatch and Key in self.objects:
            raise refused("PreconditionFailed", "PutObject")
        self.objects[Key] = (Body if isinstance(Body, bytes) else Body.read(), Metadata or {})

    def head_object(self, *, Key: str, **_: Any) -> dict[str, Any]:
        self._may_fail("HeadObject")
        if Key not in self.objects:
            raise refused("404", "HeadObject")
        content, metadata = self.objects[Key]
        return {"ContentLength": len(content), "Metadata": metadata}

    def get_object(self, *, Key: str, **_: Any) -> dict[str, Any]:
        self._may_fail("GetObject")
        if Key not in self.objects:
            raise refused("NoSuchKey", "GetObject")
        return {"Body": io.BytesIO(self.objects[Key][0])}

    def download_file(self, bucket: str, key: str, path: str) -> None:
        self.fetched.append(key)
        Path(path).write_bytes(self.get_object(Key=key)["Body"].read())

    def list_objects_v2(self, *, Prefix: str, **_: Any) -> dict[str, Any]:
        self._may_fail("ListObjectsV2")
        return {"Contents": [self._entry(key) for key in sorted(self.objects) if key.startswith(Prefix)]}

    def get_paginator(self, call: str) -> "FakeS3":
        assert call == "list_objects_v2"
        return self

    def paginate(self, *, Prefix: str, **_: Any) -> Iterator[dict[str, Any]]:
        found = self.list_objects_v2(Prefix=Prefix)["Contents"]
        for start in range(0, max(1, len(found)), 2):  # pages of two
            yield {"Contents": found[start : start + 2]} if found else {}

    def _entry(self, key: str) -> dict[str, Any]:
        return {"Key": key, "Size": len(self.objects[key][0])}

    def _may_fail(self, call: str) -> None:
        if self.fails:
            raise refused(self.fails, call)
