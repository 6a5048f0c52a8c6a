"""A picture with tags of all kinds, and the upload that overwrites it."""

from typing import Any

from msgspec.structs import replace

from autotag.domain.model.labels import Categorization
from autotag.domain.model.messages import LabelsObserved
from autotag.domain.state.asset_state import AssetState, Write
from tests.unit.domain.state.state_builders import MINUTE, T0, facts, message, state

VERSION = T0 // 1000
"""The version of the newer picture, uploaded at ``T0``."""


def upload(*tags: str, read: bool = False, found: Categorization | None = None, at: int = T0 + 1) -> LabelsObserved:
    """Return the notification of the newer picture, or a read of it, that lists ``tags``."""
    told = message(found, version=VERSION, at=at, seen=facts(*tags, at=at))
    return replace(told, source=replace(told.source, notification_type="" if read else "upload"))


def older(**fields: Any) -> AssetState:
    """Return the state of the older picture, where we had added Guitar and taken Music off; press is a person's."""
    known: dict[str, Any] = {
        "facts": facts("press", at=T0 - 2 * MINUTE),
        "managed_tags": {"Guitar": ("guitar",)},
        "writes": {"Guitar": Write("add", T0 - MINUTE, 100), "Music": Write("remove", T0 - MINUTE, 100)},
    }
    return state(**{**known, **fields})


def user_tags(known: AssetState) -> set[str]:
    """Return the keys of the tags that count as brought by an upload."""
    return {key for key, preference in known.people.items() if preference.set_by_upload}
