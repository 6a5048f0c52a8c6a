"""The first line of an upload's record, and its default path."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from autotag_cli.cloudinary.uploading.send import Call


class JournalHeader(Struct, frozen=True):
    """The first line of a record: where the files go, and a digest of what is requested for each."""

    cloud_name: str
    api_base: str
    call: str

    @classmethod
    def of(cls, cloud_name: str, api_base: str, call: Call) -> Self:
        """Return the header of the record of an upload."""
        return cls(cloud_name, api_base, hashlib.sha256(msgspec.json.encode(call, order="sorted")).hexdigest())


def path_key(path: str) -> str:
    """Return an absolute path as a record holds it: one that is not UTF-8 in hex, after a NUL, which no path has."""
    whole = os.path.abspath(path)
    try:
        whole.encode()
    except UnicodeEncodeError:
        return "\0" + os.fsencode(whole).hex()
    return whole


def default_path(variables: Mapping[str, str], header: JournalHeader, arguments: list[str]) -> Path:
    """Return the path of an upload's record if no file is named for it."""
    home = variables.get("XDG_STATE_HOME") or os.path.join(variables.get("HOME") or Path.home(), ".local", "state")
    what = msgspec.json.encode((header, sorted(map(path_key, arguments))))
    return Path(home, "autotag", f"upload-{hashlib.sha256(what).hexdigest()[:16]}.jsonl")
