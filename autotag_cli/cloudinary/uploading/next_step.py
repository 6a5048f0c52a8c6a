"""The pure decision on the next step after Cloudinary's response to an upload that may not overwrite."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from autotag_cli.cloudinary.missing_parts import MissingParts
from autotag_cli.cloudinary.uploading.file_state import FileState

Mode = Literal["never", "own", "other", "always"]
"""Which assets are replaced. ``never``: none; ``own``: those that this file made, by the record; ``other``: those
with other content, or without the requested labels; ``always``: all that were uploaded before this upload began."""

Step = Literal["sent", "found", "left", "replace", "refuse"]


class Version(NamedTuple):
    """The version of an asset's content. ``version``: unix seconds of its upload; ``version_id``: opaque.

    Two uploads within a second may share a ``version``, but not a ``version_id``. Source: the fields of an upload's
    response, cloudinary.com/documentation/image_upload_api_reference.
    """

    version: int
    version_id: str

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Version":
        """Return the version in ``answer``; 0 and "" for missing values."""
        version = answer.get("version")
        return cls(version if isinstance(version, int) else 0, str(answer.get("version_id", "")))


class PriorState(NamedTuple):
    """What is known before a file is sent. ``arrived``: what was sent for it earlier, None if nothing was.

    ``began``: when an overwriting upload began (unix seconds at Cloudinary); an asset of that time or later with the
    file's content was sent by it. ``lost``: the version that a replacement found whose response was lost.
    """

    arrived: FileState | None = None
    began: int = 0
    lost: Version | None = None


def next_step(mode: Mode, answer: Mapping[str, Any], digest: str, before: PriorState, missing: MissingParts) -> Step:
    """Return what to do about a file of MD5 ``digest``, given Cloudinary's ``answer``.

    ``sent``: it was uploaded, now or by a try whose response was lost. ``found``: it was there already. ``left``: the
    asset has other content and stays. ``missing``: what was requested and is not there.
    """
    if answer.get("existing") is not True:
        return "sent"
    etag, version = answer.get("etag"), Version.of(answer)
    if etag == digest:
        if before.lost is not None and version != before.lost:
            return "sent"
        if mode == "always":
            by_this_upload = version.version >= before.began > 0
            return "replace" if not by_this_upload else "found" if missing else "sent"
        return "replace" if mode == "other" and missing.providers else "found"
    own = before.arrived is not None and etag == before.arrived.digest
    if own and (mode != "never" or (before.arrived is not None and before.arrived.is_part)):
        return "replace"
    match mode:
        case "never":
            return "left"
        case "own":
            return "refuse"
        case _:
            return "replace"
