"""The Admin API's calls on upload presets.

Source of the answers: the live tests of the official SDKs for PHP (UploadPresetsTest), Java (AbstractApiTest) and
.NET (ManageUploadPresetsTest).
"""

import re
import secrets
from typing import Any

from msgspec.structs import replace

from simulator.api.call import Call
from simulator.assets.paging import page_size
from simulator.core.errors import ApiError
from simulator.environment import Environment
from simulator.presets.preset_settings import settings_of
from simulator.presets.upload_presets import UploadPreset

_DEFAULT_PAGE = 10
_NAME = re.compile(r"[^/?#\x00-\x1f]{1,255}")
_CURSOR = re.compile(r"[0-9a-f]{32}")


def listed(environment: Environment, call: Call) -> dict[str, Any]:
    """Return a page of the presets, the newest first."""
    size, cursor = page_size(call.params, _DEFAULT_PAGE), call.params.text("next_cursor")
    if cursor and not _CURSOR.fullmatch(cursor):
        raise ApiError(400, f"Invalid next_cursor {cursor[:40]}")
    presets = environment.presets.newest_first()
    rest = [preset for preset in presets if not cursor or preset.number < int(cursor, 16)]
    page = rest[:size]
    more = {"next_cursor": f"{page[-1].number:032x}"} if len(rest) > size else {}
    return {"presets": [preset.as_json() for preset in page], **more}


def details(environment: Environment, call: Call) -> dict[str, Any]:
    """Return one preset with its settings."""
    return _find(environment, call).as_json()


def create(environment: Environment, call: Call) -> dict[str, Any]:
    """Create a preset; without a name it gets a random one."""
    name = call.params.text("name") or secrets.token_hex(4)
    if not _NAME.fullmatch(name):
        raise ApiError(400, f"Invalid name {name[:40]}")
    if environment.presets.find(name) is not None:
        raise ApiError(409, f"Upload preset {name} already exists")
    number = environment.presets.next_number()
    environment.presets.save(UploadPreset(name, number, call.params.flag("unsigned"), settings_of(call.params)))
    return {"message": "created", "name": name}


def update(environment: Environment, call: Call) -> dict[str, Any]:
    """Change a preset. The settings that are not sent go or stay, as ``preset_update`` says."""
    preset, sent = _find(environment, call), settings_of(call.params)
    settings = preset.settings | sent if environment.settings.current.preset_update == "merge" else sent
    environment.presets.save(replace(preset, unsigned=call.params.flag("unsigned", preset.unsigned), settings=settings))
    return {"message": "updated"}


def delete(environment: Environment, call: Call) -> dict[str, Any]:
    """Delete a preset."""
    environment.presets.remove(_find(environment, call))
    return {"message": "deleted"}


def _find(environment: Environment, call: Call) -> UploadPreset:
    preset = environment.presets.find(call.path["name"])
    if preset is None:
        raise ApiError(404, f"Can't find upload preset with name {call.path['name'][:255]}")
    return preset
