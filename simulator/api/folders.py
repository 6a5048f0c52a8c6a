"""The Admin API's calls on folders."""

import time
from typing import Any

from msgspec.structs import replace

from simulator.api.call import Call
from simulator.assets.folders import Folder, is_within
from simulator.assets.naming import checked_folder
from simulator.assets.paging import MAX_PAGE, SEARCH_PAGE, SortOrder, page_of, page_size
from simulator.core.clock import iso_seconds
from simulator.core.errors import ApiError
from simulator.environment import Environment
from simulator.search.expression import compile_expression
from simulator.search.folder_fields import FOLDER_FIELDS
from simulator.search.sorting import sort_orders

_BY_PATH: SortOrder[Folder] = SortOrder(lambda folder: folder.path)


def root_folders(environment: Environment, call: Call) -> dict[str, Any]:
    """Return the folders at the root."""
    return _listed(call, environment.folders.within(""))


def subfolders(environment: Environment, call: Call) -> dict[str, Any]:
    """Return the folders directly in a folder."""
    return _listed(call, environment.folders.within(_path(call)))


def search(environment: Environment, call: Call) -> dict[str, Any]:
    """Return the folders that match an expression on ``name``, ``path`` or ``created_at``, the youngest first.

    Source: pycloudinary test_search.py, cloudinary_npm search_folders_spec; names, default and types of the answer:
    the models of cloudinary/asset-management-js.
    """
    started, params = time.perf_counter(), call.params
    matches = compile_expression(params.text("expression"), call.at, FOLDER_FIELDS)
    orders = [*sort_orders(params, FOLDER_FIELDS), _BY_PATH]
    size = page_size(params, SEARCH_PAGE)
    found = [folder for folder in environment.folders.all() if matches(folder)]
    page, cursor = page_of(found, orders, size, params.text("next_cursor"))
    return {
        "total_count": len(found),
        "time": round((time.perf_counter() - started) * 1000),
        **({"next_cursor": cursor} if cursor else {}),
        "folders": [_body(folder) | {"created_at": iso_seconds(folder.created_at)} for folder in page],
    }


def create_folder(environment: Environment, call: Call) -> dict[str, Any]:
    """Create a folder and its parent folders."""
    return {"success": True, **_body(environment.folders.create(checked_folder(_path(call), "folder")))}


def rename_folder(environment: Environment, call: Call) -> dict[str, Any]:
    """Move a folder, with the assets and folders in it, to another path.

    Source of the answer: cloudinary/asset-management-js, ``UpdateFolderResponse``. The SDKs call the path that of an
    asset folder, which accounts with fixed folders have not, so those refuse the call; their own answer is not known.
    """
    path, new_path = _path(call), checked_folder(call.params.text("to_folder"), "to_folder")
    if environment.settings.current.folder_mode == "fixed":
        raise ApiError(400, "Folders are renamed only in accounts with dynamic folders")
    if not new_path or new_path == path or new_path.startswith(f"{path}/"):
        raise ApiError(400, f"Invalid to_folder {new_path}")
    moved = [asset for asset in environment.store if is_within(asset.asset_folder, path)]
    environment.folders.rename(path, new_path)
    environment.store.save_all(
        [replace(asset, asset_folder=new_path + asset.asset_folder.removeprefix(path)) for asset in moved]
    )
    environment.notifier.folder_renamed(path, new_path, call.cause)
    return {"from": _name_and_path(path), "to": _name_and_path(new_path)}


def delete_folder(environment: Environment, call: Call) -> dict[str, Any]:
    """Delete a folder that holds no asset."""
    return {"deleted": environment.folders.delete(_path(call), environment.store)}


def _listed(call: Call, folders: list[Folder]) -> dict[str, Any]:
    page, cursor = page_of(folders, [_BY_PATH], page_size(call.params, MAX_PAGE), call.params.text("next_cursor"))
    return {"folders": [_body(folder) for folder in page], "next_cursor": cursor, "total_count": len(folders)}


def _path(call: Call) -> str:
    path = call.path["folder"].strip("/")
    if not path or "//" in path:
        raise ApiError(400, f"Invalid folder path {call.path['folder']}")
    return path


def _name_and_path(path: str) -> dict[str, str]:
    return {"name": path.rpartition("/")[2], "path": path}


def _body(folder: Folder) -> dict[str, str]:
    return {**_name_and_path(folder.path), "external_id": folder.external_id}
