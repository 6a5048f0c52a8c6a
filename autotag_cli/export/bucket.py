"""Exports in the bucket of a stack: where one is, how far it is, and its files."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Self

import msgspec
from botocore.exceptions import ClientError

from autotag.domain.errors import Invalid
from autotag.domain.model.exports import MANIFEST, RECORDS, Manifest, folder_of
from autotag.domain.model.strict_json import decode as decode_json
from autotag_cli.errors import Failure
from autotag_cli.stack.aws import aws_errors

_LOCATION = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(exports/stack=[^/]+/at=[0-9]{8}T[0-9]{6}Z)/?")


class Location(NamedTuple):
    """The folder of an export: ``s3://BUCKET/exports/stack=NAME/at=TIME/``."""

    bucket: str
    folder: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the location that ``text`` names. Raises ``Invalid`` that says what is expected."""
        found = _LOCATION.fullmatch(text)
        if found is None:
            expected = "the address that autotag export --to-s3 prints: s3://BUCKET/exports/stack=NAME/at=TIME/"
            raise Invalid("--from-s3", f"{text!r} is no export, expected {expected}")
        return cls(found[1], f"{found[2]}/")

    @classmethod
    def of(cls, bucket: str, stack: str, at: str) -> Self:
        """Return the location of the export that a stack began at ``at`` (ISO 8601)."""
        return cls(bucket, folder_of(stack, at))

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.folder}"


class Progress(NamedTuple):
    """How far an export is: its files, their bytes, and the segments that are complete."""

    files: int
    bytes: int
    segments: int
    is_complete: bool


class Bucket:
    """The bucket of an export; ``client`` is one of S3. Every method raises ``Failure`` if S3 does not answer."""

    def __init__(self, client: Any, location: Location) -> None:
        self._client, self._location = client, location

    def progress(self) -> Progress:
        """Return how far the export is."""
        files = size = segments = 0
        is_complete = False
        with aws_errors(f"{self._location} cannot be listed"):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._location.bucket, Prefix=self._location.folder):
                for each in page.get("Contents", ()):
                    name = each["Key"].removeprefix(self._location.folder)
                    is_complete = is_complete or name == MANIFEST
                    segments += name.startswith(RECORDS)
                    if name.startswith("part="):
                        files, size = files + 1, size + each["Size"]
        return Progress(files, size, segments, is_complete)

    def manifest(self) -> Manifest | None:
        """Return the manifest, or None while the export is not complete."""
        place = f"{self._location}{MANIFEST}"
        with aws_errors(f"{place} cannot be read"):
            try:
                answer = self._client.get_object(Bucket=self._location.bucket, Key=self._location.folder + MANIFEST)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == "NoSuchKey":
                    return None
                raise
            body = answer["Body"].read()
        return read_manifest(place, body)

    def fetch(self, key: str, target: Path) -> None:
        """Write the file ``key`` of the export to ``target``. Raises ``OSError`` if that cannot be written."""
        with aws_errors(f"{self._location}{key} cannot be read"):
            self._client.download_file(self._location.bucket, self._location.folder + key, str(target))


OpenBucket = Callable[[Location], Bucket]


def read_manifest(place: str, text: bytes) -> Manifest:
    """Return the manifest in ``text``. Raises ``Failure`` if it is damaged, or names files outside of its folder."""
    try:
        manifest: Manifest = decode_json(text, Manifest)
    except msgspec.DecodeError as error:
        raise Failure(f"{place} is not the manifest of an export ({error})") from error
    if wrong := [file.key for file in manifest.files if not re.fullmatch(r"part=\d+/\d+\.parquet", file.key)]:
        raise Failure(f"{place} names {wrong[0]!r}, expected files such as part=000/00000.parquet")
    return manifest
