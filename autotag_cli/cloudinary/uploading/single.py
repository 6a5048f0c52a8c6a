"""The upload of a single file: one call, as an official SDK makes it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from autotag_cli.cloudinary.asset_view import print_asset
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.cloudinary.uploading.complete import complete
from autotag_cli.cloudinary.uploading.file_state import open_source, read_state
from autotag_cli.cloudinary.uploading.naming import name_one
from autotag_cli.cloudinary.uploading.results import send_until_unchanged
from autotag_cli.cloudinary.uploading.send import Call, Sender
from autotag_cli.cloudinary.uploading.sources import Source
from autotag_cli.cloudinary.uploading.start_time import start_time
from autotag_cli.errors import Failure
from autotag_cli.terminal.output import note, print_error, print_json


class SingleFile(NamedTuple):
    """A file to upload, ``-`` for stdin, with the public_id and the folder of its asset.

    ``completing``: an existing asset gets what it lacks.
    """

    path: str
    public_id: str | None
    folder: str
    completing: bool = False


def upload_one(
    client: CloudinaryClient, call: Call, file: SingleFile, sleep: Callable[[float], None], *, as_json: bool
) -> None:
    """Upload ``file`` and print Cloudinary's response. Raises as ``Sender.send``.

    With a public_id, it replaces an asset of that name, unless the call says otherwise. Without one, it is always a
    new asset.
    """
    if file.public_id is None:
        call = call._replace(overwrite=False)  # a repeated try finds the asset of the first
    began = start_time(client, sleep) if call.overwrite else 0
    with _on_disk(file.path) as path:
        item = name_one(Source(path, Path(path).name), file.public_id, file.folder, call.resource_type)
        for remark in item.remarks:
            note(f"{file.path}: {remark}.")
        sender = Sender(client, call, alone=True, began=began, sleep=sleep)
        with open_source(path) as stream:
            sent, state = send_until_unchanged(item, stream, read_state(stream), sender, None, None)
            if sent.missing and file.completing:
                sent = complete(sender, item, stream, state, sent)
    for remark in sent.remarks:
        print_error(f"{file.path}: {remark}")
    try:
        if as_json:
            print_json(sent.answer, indent=2)
        else:
            print_asset(sent.answer, call.fields)
    except OSError as error:  # else a random public_id would be lost
        raise Failure(
            f"{item.public_id} is in Cloudinary, but the response cannot be printed ({error.strerror})"
        ) from error
    if sent.missing:
        missing = sent.missing.sentence()
        note(f"{item.public_id} was there already, {missing}: the same command with --complete adds that.")


@contextmanager
def _on_disk(file: str) -> Iterator[str]:
    if file != "-":
        yield file
        return
    with TemporaryDirectory(prefix="autotag-") as folder:  # a retry must be able to read it again
        path = Path(folder, "stdin")
        try:
            with path.open("wb") as copy:
                shutil.copyfileobj(sys.stdin.buffer, copy)
        except OSError as error:
            raise Failure(f"stdin cannot be copied to {folder} ({error.strerror})") from error
        yield str(path)
