"""The Admin API's calls on folders."""

import hashlib
from typing import Any

from simulator.api.call import Call
from simulator.assets.naming import checked_folder
from simulator.assets.paging import MAX_PAGE, page_of_names, page_size
from simulator.core.errors import ApiError
from simulator.environment import Environment


def root_folders(environment: Environment, call: Call) -> dict[str, Any]:
    """Return the folders at the root."""
    return _listed(environment, call, "")


def subfolders(environment: Environment, call: Call) -> dict[str, Any]:
    """Return the folders directly in a folder."""
    return _listed(environment, call, _path(call))


def create_folder(environment: Environment, call: Call) -> dict[str, Any]:
    """Create a folder and its parent folders."""
    path = checked_folder(_path(call), "folder")
    environment.folders.create(path)
    return {"success": True, **_body(path)}


def rename_folder(environment: Environment, call: Call) -> dict[str, Any]:
    """Move a folder, with the assets and folders in it, to another path. Source of the answer: the SDKs' docstrings."""
    path, new_path = _path(call), checked_folder(call.params.text("to_folder"), "to_folder")
    if not new_path or new_path == path or new_path.startswith(f"{path}/"):
        raise ApiError(400, f"Invalid to_folder {new_path}")
    environment.folders.rename(path, new_path)
    environment.notifier.folder_renamed(path, new_path, call.cause)
    return {"from": _body(path), "to": _body(new_path)}


def delete_folder(environment: Environment, call: Call) -> dict[str, Any]:
    """Delete a folder that holds no asset."""
    return {"deleted": environment.folders.delete(_path(call))}


def _listed(environment: Environment, call: Call, parent: str) -> dict[str, Any]:
    paths = environment.folders.subfolders(parent)
    page, cursor = page_of_names(paths, page_size(call.params, MAX_PAGE), call.params.text("next_cursor"))
    return {"folders": [_body(path) for path in page], "next_cursor": cursor, "total_count": len(paths)}


def _path(call: Call) -> str:
    path = call.path["folder"].strip("/")
    if not path or "//" in path:
        raise ApiError(400, f"Invalid folder path {call.path['folder']}")
    return path


def _body(path: str) -> dict[str, str]:
    external_id = hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()
    return {"name": path.rpartition("/")[2], "path": path, "external_id": external_id}
