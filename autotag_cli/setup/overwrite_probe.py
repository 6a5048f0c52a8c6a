"""A test of whether the account keeps tags when an image is overwritten: it overwrites one.

Source: cloudinary.com/documentation/image_upload_api_reference, ``overwrite``: a preference of the product environment
(Console, Media Library Preferences); no call returns how it is set.
"""

import base64
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from autotag.domain.errors import AutotagError
from autotag_cli.cloudinary.client import CloudinaryClient, segment
from autotag_cli.cloudinary.transport.multipart import FilePart
from autotag_cli.errors import Failure
from autotag_cli.setup.probe import FOLDER, PIXEL
from autotag_cli.setup.secret_document import Document
from autotag_cli.setup.steps import SetupContext, SetupOptions, Step, state_of_change

TAG = "autotag-probe"
_NAME = "overwrites"
_OTHER_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=")


class OverwriteResult(NamedTuple):
    """A result: ``keeps_tags`` is the value to store, None to leave the stored one; ``step`` reports it."""

    keeps_tags: bool | None
    step: Step


def check_overwrites(
    context: SetupContext, options: SetupOptions, document: Document, *, probe: bool
) -> OverwriteResult:
    """Test what an overwrite does to tags, unless the options say it; without a result the stored value stays.

    ``document`` is the secret's document, ``probe`` whether images may be sent.
    """
    before = stored_keeps_tags(document)
    if options.keeps_tags is not None:
        return _result(options, before, options.keeps_tags)
    if not probe:
        return OverwriteResult(None, Step(_NAME, "left out", f"no image is sent; {describe_keeps_tags(before)}"))
    if options.dry_run:
        sentence = f"an image would be uploaded, overwritten and destroyed; so far, {describe_keeps_tags(before)}"
        return OverwriteResult(None, Step(_NAME, "planned", sentence))
    try:
        return _result(options, before, overwrite_keeps_tags(context.client))
    except AutotagError as error:
        sentence = f"the test failed ({error}); as before, {describe_keeps_tags(before)}"
        fix = "autotag setup later, or with --tags-kept or --tags-cleared if you know it"
        return OverwriteResult(None, Step(_NAME, "not known", sentence, fix))


def overwrite_keeps_tags(client: CloudinaryClient) -> bool:
    """Upload a tagged image, overwrite it without tags, and return whether it still has the tag.

    The image has a name of its own and is destroyed in any case; no add-on is requested, so it costs no unit.
    Raises ``Failure`` if the answers do not show the result or the image is left behind, and what the client raises.
    """
    public_id = f"{FOLDER}/{secrets.token_hex(8)}"
    try:
        first = _upload(client, PIXEL, public_id=public_id, overwrite="false", tags=TAG)
    except AutotagError:
        with suppress(AutotagError):  # if no answer came, the image may have arrived
            _destroy(client, public_id)
        raise
    try:
        if TAG not in _tags(first):
            raise Failure("Cloudinary's answer to a tagged upload does not list the tag")
        second = _upload(client, _OTHER_PIXEL, public_id=public_id, overwrite="true")
        if second.get("existing"):
            raise Failure("Cloudinary did not let an upload overwrite the image")
        # an answer may list only the tags that were sent; an Admin API read lists the stored ones
        return TAG in _tags(second) or TAG in _tags(_read(client, public_id, second))
    finally:
        _destroy(client, public_id)


def stored_keeps_tags(document: Mapping[str, Any]) -> bool | None:
    """Return the stored value, None if the secret's document holds none."""
    stored = document.get("keeps_tags")
    return stored if isinstance(stored, bool) else None


def describe_keeps_tags(keeps_tags: bool | None) -> str:
    """Return what is known as a sentence."""
    if keeps_tags is None:
        return "it is not known whether the account keeps the tags of an overwritten image"
    return f"the account {'keeps' if keeps_tags else 'clears'} the tags of an overwritten image"


def _result(options: SetupOptions, before: bool | None, keeps_tags: bool) -> OverwriteResult:
    sentence = describe_keeps_tags(keeps_tags)
    if keeps_tags is before:
        return OverwriteResult(keeps_tags, Step(_NAME, "unchanged", sentence))
    if before is not None:
        sentence = f"{sentence}; before, it was known to {'keep' if before else 'clear'} them"
    return OverwriteResult(keeps_tags, Step(_NAME, state_of_change(options), sentence))


def _upload(client: CloudinaryClient, image: bytes, **fields: str) -> dict[str, Any]:
    return client.upload_api("image", "upload", fields, FilePart.of_bytes("probe.gif", image))


def _read(client: CloudinaryClient, public_id: str, uploaded: Mapping[str, Any]) -> dict[str, Any]:
    stored = client.admin("GET", f"resources/image/upload/{segment(public_id)}")
    same = [stored.get(name) == uploaded.get(name) for name in ("version", "etag") if name in stored]
    if not all(same):  # two versions of one second differ by their etag alone
        raise Failure("Cloudinary's details of the overwritten image are of another version")
    return stored


def _tags(answer: Mapping[str, Any]) -> list[Any]:
    tags = answer.get("tags")
    return tags if isinstance(tags, list) else []


def _destroy(client: CloudinaryClient, public_id: str) -> None:
    try:
        client.upload_api("image", "destroy", {"public_id": public_id, "type": "upload"})
    except AutotagError as error:
        raise Failure(f"{public_id} could not be destroyed, delete it in the Media Library ({error})") from error
