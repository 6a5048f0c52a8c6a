"""What Cloudinary's answer to an upload that may not overwrite says, and what is to be done next. Pure."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from autotag_cli.cloudinary.missing_parts import Lack
from autotag_cli.cloudinary.uploading.file_state import Stamp

Mode = Literal["never", "ours", "other", "always"]
"""Which assets are replaced: none; those of which the record says that this file made them; those of another content
or without the labels that are asked for; all that were uploaded before this upload began."""

Step = Literal["sent", "found", "left", "replace", "refuse"]


class Version(NamedTuple):
    """Of an asset's content: ``version`` is the unix seconds of its upload, ``version_id`` opaque.

    Two uploads within a second may have one ``version``, but not one ``version_id``. Source: the fields of an upload's
    answer, cloudinary.com/documentation/image_upload_api_reference.
    """

    version: int
    version_id: str

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Version":
        """Return the version that ``answer`` is about, zero and "" where it does not say."""
        version = answer.get("version")
        return cls(version if isinstance(version, int) else 0, str(answer.get("version_id", "")))


class Before(NamedTuple):
    """What is known before a file is sent: ``arrived`` is what was sent for it earlier, None where nothing was.

    ``began`` is when the upload began that is to overwrite (unix seconds at Cloudinary): what is of that time or later
    and has the file's content was sent by it. ``lost`` is what a replacement found whose answer was lost.
    """

    arrived: Stamp | None = None
    began: int = 0
    lost: Version | None = None


def judge(mode: Mode, answer: Mapping[str, Any], digest: str, before: Before, lack: Lack) -> Step:
    """Say what to do about a file of MD5 ``digest``, given Cloudinary's ``answer``.

    ``sent``: it was uploaded, now or by a try whose answer was lost. ``found``: it was there already. ``left``: what is
    there is of another content and stays. ``lack``: what was asked and is not there.
    """
    if answer.get("existing") is not True:
        return "sent"
    etag, version = answer.get("etag"), Version.of(answer)
    if etag == digest:
        if before.lost is not None and version != before.lost:
            return "sent"
        if mode == "always":
            anew = version.version >= before.began > 0
            return "replace" if not anew else "found" if lack else "sent"
        return "replace" if mode == "other" and lack.providers else "found"
    ours = before.arrived is not None and etag == before.arrived.digest
    if ours and (mode != "never" or (before.arrived is not None and before.arrived.is_torn)):
        return "replace"
    match mode:
        case "never":
            return "left"
        case "ours":
            return "refuse"
        case _:
            return "replace"
