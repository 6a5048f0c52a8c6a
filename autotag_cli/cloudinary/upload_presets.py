"""The upload presets of an account: read, and changed in one setting.

Source: cloudinary.com/documentation/admin_api (upload presets), and the live tests of the official SDKs for PHP, Java
and .NET, which read a preset and send all of its settings back with the change. Whether Cloudinary deletes settings
that a change does not send is not known, so all are sent.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from autotag.domain.errors import Invalid
from autotag.domain.model.conversion import convert
from autotag_cli.cloudinary.client import CloudinaryClient, segment
from autotag_cli.cloudinary.metadata_pairs import encode_pairs
from autotag_cli.errors import Failure

_PAGE = 500
"""The most presets that one call returns."""


class Preset(msgspec.Struct, frozen=True):
    """A preset as the Admin API answers it."""

    name: str
    unsigned: bool = False
    settings: dict[str, Any] = {}

    @property
    def add_ons(self) -> tuple[str, ...]:
        """The add-ons that the preset categorizes with."""
        value = self.settings.get("categorization")
        entries = value if isinstance(value, list) else str(value or "").split(",")
        return tuple(name for entry in entries if (name := str(entry).strip()))

    @property
    def notification_url(self) -> str:
        """The URL that uploads through the preset are reported to, "" if it names none."""
        return str(self.settings.get("notification_url") or "")

    def with_add_ons(self, names: tuple[str, ...]) -> "Preset":
        """Return the preset with ``names`` added to its categorization, and nothing else changed."""
        wanted = ",".join(dict.fromkeys((*self.add_ons, *names)))
        return msgspec.structs.replace(self, settings={**self.settings, "categorization": wanted})


class PresetPage(NamedTuple):
    """The newest presets, and whether there are more."""

    presets: list[Preset]
    more: bool


class UploadPresets:
    """The presets of an account. Every method raises what ``CloudinaryClient`` raises."""

    def __init__(self, client: CloudinaryClient) -> None:
        self._client = client

    def newest(self) -> PresetPage:
        """Return up to 500 presets, by one call; raises ``Failure`` if the list is not understood."""
        answer = self._client.admin("GET", "upload_presets", params={"max_results": _PAGE})
        return PresetPage(_converted(answer.get("presets", []), list[Preset]), bool(answer.get("next_cursor")))

    def fetch(self, name: str) -> Preset:
        """Return one preset. Raises ``Missing``, or ``Failure`` if the answer is not understood."""
        return _converted(self._client.admin("GET", f"upload_presets/{segment(name)}"), Preset)

    def store(self, preset: Preset) -> None:
        """Store all settings of ``preset``, which must all be sendable."""
        settings = {name: _parameter(value) for name, value in preset.settings.items()}
        fields = {**settings, "unsigned": preset.unsigned}
        self._client.admin("PUT", f"upload_presets/{segment(preset.name)}", json=fields)


def unsendable(settings: Mapping[str, Any]) -> list[str]:
    """Return the settings that no documented parameter has the form of, such as transformations as objects."""
    return [name for name, value in settings.items() if _parameter(value) is None]


def _parameter(value: Any) -> str | bool | int | float | None:
    """Return a setting as a call sends it: a list by commas, an object as ``key=value|...``; None if it has no form."""
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list) and all(isinstance(entry, str | int) and "," not in str(entry) for entry in value):
        return ",".join(map(str, value))
    if isinstance(value, dict) and all(isinstance(entry, str) for entry in value.values()):
        try:
            return encode_pairs(value.items())
        except Invalid:  # backslashes that would escape what follows
            return None
    return None


def _converted[T](value: Any, type_: type[T]) -> T:
    try:
        return convert(value, type_)
    except msgspec.ValidationError as error:
        raise Failure(f"Cloudinary's answer about upload presets is not understood ({error})") from error
