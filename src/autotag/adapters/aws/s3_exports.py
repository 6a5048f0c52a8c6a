"""The files of exports in S3: drafted on this machine's disk, created there once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, unquote

from botocore.exceptions import ClientError

from autotag.adapters.aws.client import asking
from autotag.domain.model.exports import Written

WriteColumns = Callable[[Path, Path, str, str], None]
"""Writes JSON lines (the first path) in columns (the second), as an export of a stack that began at a time."""

_THERE = "PreconditionFailed"
"""S3's answer to ``If-None-Match: *`` where the object exists. Source: S3 user guide, *Conditional writes*."""


class S3Exports:
    """Implements the ``ExportStore`` port. What a file says of itself is in the object's metadata, written with it."""

    def __init__(
        self, client: Any, bucket: str, stack: str, write: WriteColumns, temporary: Path | None = None
    ) -> None:
        """``temporary`` is the folder for drafts; None: the system's."""
        self._client, self._bucket, self._stack, self._write = client, bucket, stack, write
        self._temporary = temporary

    @contextmanager
    def draft(self) -> Iterator["S3Draft"]:
        """Return an empty draft in a temporary folder."""
        with TemporaryDirectory(prefix="autotag-export-", dir=self._temporary) as folder:
            yield S3Draft(self, Path(folder))

    def written(self, key: str) -> Written | None:
        """Return the file's metadata."""
        with asking("S3"):
            try:
                answer = self._client.head_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey", "NotFound"):
                    return None
                raise
        noted = answer["Metadata"]
        cursor = unquote(noted["next"]) if "next" in noted else None
        return Written(int(noted["assets"]), int(answer["ContentLength"]), cursor)

    def put(self, key: str, content: bytes) -> None:
        """Write a small object; one that is there is replaced."""
        with asking("S3"):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType="application/json")

    def read(self, key: str) -> bytes:
        """Return the content of an object."""
        with asking("S3"):
            return bytes(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read())

    def keys(self, prefix: str) -> list[str]:
        """Return the first thousand keys below ``prefix``."""
        with asking("S3"):
            answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=prefix)
        return [str(each["Key"]) for each in answer.get("Contents", ())]

    def create(self, key: str, file: Path, assets: int, cursor: str | None) -> Written | None:
        """Upload ``file`` unless the object is there."""
        noted = {"assets": str(assets)} | ({} if cursor is None else {"next": quote(cursor)})
        with asking("S3"), file.open("rb") as body:
            try:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=body,
                    IfNoneMatch="*",
                    Metadata=noted,
                    ContentType="application/vnd.apache.parquet",
                )
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == _THERE:
                    return None
                raise
        return Written(assets, file.stat().st_size, cursor)

    def columns(self, lines: Path, target: Path, at: str) -> None:
        """Write lines in columns."""
        self._write(lines, target, self._stack, at)


class S3Draft:
    """Implements the ``Draft`` port."""

    def __init__(self, store: S3Exports, folder: Path) -> None:
        self._store, self._lines, self._columns = store, folder / "lines", folder / "columns"
        self._lines.touch()

    def add(self, lines: bytes) -> None:
        """Append lines to the file of lines."""
        with self._lines.open("ab") as stream:
            stream.write(lines)

    def publish(self, key: str, at: str, assets: int, cursor: str | None) -> Written | None:
        """Write the lines in columns, and upload them unless the object is there."""
        self._store.columns(self._lines, self._columns, at)
        return self._store.create(key, self._columns, assets, cursor)
