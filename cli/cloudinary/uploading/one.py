"""The upload of a single file: one call, as an official SDK makes it."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.cloudinary.client import CloudinaryClient
from cli.cloudinary.shown import show_asset
from cli.cloudinary.uploading.naming import name_one
from cli.cloudinary.uploading.sending import Call, Sender, opened, stamped
from cli.cloudinary.uploading.sources import Source
from cli.output import console, print_json


def upload_one(
    client: CloudinaryClient, call: Call, file: str, public_id: str | None, folder: str, *, as_json: bool
) -> None:
    """Upload ``file``, ``-`` for stdin, and print Cloudinary's answer; raises as ``Sender.send``.

    With a ``public_id`` it replaces what has it, unless the call says otherwise. Without, it is always a new asset.
    """
    if public_id is None:
        call = call._replace(overwrite=False)  # a repeated try finds the asset of the first
    elif call.overwrite is None:
        call = call._replace(overwrite=True)
    with _on_disk(file) as path:
        item = name_one(Source(path, Path(path).name), public_id, folder, call.resource_type)
        with opened(path) as stream:
            sent = Sender(client, call).send(item, stream, stamped(stream))
    if as_json:
        print_json(sent.answer, indent=2)
        return
    auto_tagging = call.fields.get("auto_tagging")
    show_asset(console(), sent.answer, None if auto_tagging is None else float(auto_tagging))


@contextmanager
def _on_disk(file: str) -> Iterator[str]:
    if file != "-":
        yield file
        return
    with TemporaryDirectory(prefix="autotag-") as folder:  # a retry must be able to read it again
        path = Path(folder, "stdin")
        with path.open("wb") as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        yield str(path)
