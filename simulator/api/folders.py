"""The Admin API's calls on folders."""

import hashlib
from typing import Any

from simulator.api.types import Call
from simulator.assets.paging import MAX_PAGE, names_after, page_size
from simulator.core.errors import ApiError
from simulator.environment import Cloud


def root_folders(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return the folders at the root."""
    return _listed(cloud, call, "")


def subfolders(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Return the folders directly in a folder."""
    return _listed(cloud, call, _path(call))


def create_folder(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Create a folder and its parent folders."""
    path = _path(call)
    cloud.folders.create(path)
    return {"success": True, **_body(path)}


def rename_folder(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Move a folder, with the assets and folders in it, to another path. Source of the answer: the SDKs' docstrings."""
    path, new = _path(call), call.params.text("to_folder").strip("/")
    if not new or "//" in new or new == path or new.startswith(f"{path}/"):
        raise ApiError(400, f"Invalid to_folder {new}")
    cloud.folders.rename(path, new)
    cloud.notifier.folder_renamed(path, new, call.cause)
    return {"from": _body(path), "to": _body(new)}


def delete_folder(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Delete a folder that holds no asset."""
    return {"deleted": cloud.folders.delete(_path(call))}


def _listed(cloud: Cloud, call: Call, parent: str) -> dict[str, Any]:
    paths = cloud.folders.below(parent)
    page, cursor = names_after(paths, page_size(call.params, MAX_PAGE), call.params.text("next_cursor"))
    return {"folders": [_body(path) for path in page], "next_cursor": cursor, "total_count": len(paths)}


def _path(call: Call) -> str:
    path = call.path["folder"].strip("/")
    if not path or "//" in path:
        raise ApiError(400, f"Invalid folder path {call.path['folder']}")
    return path


def _body(path: str) -> dict[str, str]:
    external_id = hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()
    return {"name": path.rpartition("/")[2], "path": path, "external_id": external_id}
