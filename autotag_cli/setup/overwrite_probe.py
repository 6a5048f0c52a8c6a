"""Whether the account keeps tags when a picture is overwritten: found out by overwriting one.

Source: cloudinary.com/documentation/image_upload_api_reference, ``overwrite``: a preference of the product environment
(Console, Media Library Preferences); no call answers how it is set.
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
from autotag_cli.setup.steps import Asked, Site, Step, did

TAG = "autotag-probe"
_NAME = "overwrites"
_OTHER_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=")


class Looked(NamedTuple):
    """``keeps_tags`` is what is to be stored, None to leave it as it is; ``step`` says what became of it."""

    keeps_tags: bool | None
    step: Step


def look(site: Site, asked: Asked, document: Document, *, probe: bool) -> Looked:
    """Find out what an overwrite does to tags, unless that is said; without an answer what is known stays.

    ``document`` is the secret's, ``probe`` whether images may be sent.
    """
    before = known(document)
    if asked.keeps_tags is not None:
        return _learned(asked, before, asked.keeps_tags)
    if not probe:
        return Looked(None, Step(_NAME, "left out", f"no image is sent; {in_words(before)}"))
    if asked.dry_run:
        said = f"an image would be uploaded, overwritten and destroyed; so far, {in_words(before)}"
        return Looked(None, Step(_NAME, "planned", said))
    try:
        return _learned(asked, before, finds_tags_kept(site.client))
    except AutotagError as error:
        said = f"it could not be found out ({error}); as before, {in_words(before)}"
        remedy = "autotag setup later, or with --tags-kept or --tags-cleared where you know it"
        return Looked(None, Step(_NAME, "not known", said, remedy))


def finds_tags_kept(client: CloudinaryClient) -> bool:
    """Upload a tagged image, overwrite it without tags, and return whether it has the tag still.

    The image has a name of its own and is destroyed however that ends; no add-on is asked, so it costs no unit.
    Raises ``Failure`` where the answers do not show it or the image is left behind, and what the client raises.
    """
    public_id = f"{FOLDER}/{secrets.token_hex(8)}"
    try:
        first = _upload(client, PIXEL, public_id=public_id, overwrite="false", tags=TAG)
    except AutotagError:
        with suppress(AutotagError):  # where no answer came, it may have arrived
            _destroy(client, public_id)
        raise
    try:
        if TAG not in _tags(first):
            raise Failure("Cloudinary's answer to a tagged upload does not list the tag")
        second = _upload(client, _OTHER_PIXEL, public_id=public_id, overwrite="true")
        if second.get("existing"):
            raise Failure("Cloudinary did not let an upload overwrite the image")
        # an answer may list what was sent alone; what an Admin read lists is stored
        return TAG in _tags(second) or TAG in _tags(_read(client, public_id, second))
    finally:
        _destroy(client, public_id)


def known(document: Mapping[str, Any]) -> bool | None:
    """Return what the secret's document says of it, None where it says nothing."""
    said = document.get("keeps_tags")
    return said if isinstance(said, bool) else None


def in_words(keeps_tags: bool | None) -> str:
    """Say in a sentence what is known."""
    if keeps_tags is None:
        return "it is not known whether the account keeps the tags of a picture that is overwritten"
    return f"the account {'keeps' if keeps_tags else 'clears'} the tags of a picture that is overwritten"


def _learned(asked: Asked, before: bool | None, keeps_tags: bool) -> Looked:
    said = in_words(keeps_tags)
    if keeps_tags is before:
        return Looked(keeps_tags, Step(_NAME, "unchanged", said))
    if before is not None:
        said = f"{said}; it was known to {'keep' if before else 'clear'} them"
    return Looked(keeps_tags, Step(_NAME, did(asked), said))


def _upload(client: CloudinaryClient, image: bytes, **fields: str) -> dict[str, Any]:
    return client.upload_api("image", "upload", fields, FilePart.of_bytes("probe.gif", image))


def _read(client: CloudinaryClient, public_id: str, uploaded: Mapping[str, Any]) -> dict[str, Any]:
    found = client.admin("GET", f"resources/image/upload/{segment(public_id)}")
    same = [found.get(name) == uploaded.get(name) for name in ("version", "etag") if name in found]
    if not all(same):  # two versions of one second differ by their etag alone
        raise Failure("Cloudinary's details of the overwritten image are of another version")
    return found


def _tags(answer: Mapping[str, Any]) -> list[Any]:
    tags = answer.get("tags")
    return tags if isinstance(tags, list) else []


def _destroy(client: CloudinaryClient, public_id: str) -> None:
    try:
        client.upload_api("image", "destroy", {"public_id": public_id, "type": "upload"})
    except AutotagError as error:
        raise Failure(f"{public_id} could not be destroyed, delete it in the Media Library ({error})") from error
