"""The Upload API's calls on one stored asset: explicit, rename, destroy."""

import contextlib
from typing import Any

from msgspec.structs import replace

from simulator.api.call import Call, pending_answer
from simulator.api.edits import apply_changes, find_existing
from simulator.assets.naming import with_public_id
from simulator.core.errors import ApiError
from simulator.environment import Environment
from simulator.notifications.changes import Edit


def explicit(environment: Environment, call: Call) -> dict[str, Any]:
    """Act on a stored asset: categorize it, or change its tags, context, metadata, folder and display name.

    With ``async`` all of this happens after the answer, so that an asset that does not exist is not refused. Source:
    cloudinary_npm uploader_spec.js, "should support `async` option in explicit api".
    """
    call.params.required("type")
    public_id = call.params.required("public_id")
    if not call.params.flag("async"):
        return _explicit(environment, call, public_id)
    asset = environment.store.find(call.key_of(public_id))
    if asset is not None:  # refuses the call before it is answered
        environment.categorizer.parse_request(call.params, asset)
        apply_changes(environment, asset, call)
    answer = pending_answer(call, call.key_of(public_id))

    def act_later() -> None:
        with contextlib.suppress(ApiError):  # the asset does not exist, or not any more
            _explicit(environment, call, public_id)

    environment.background.call_later(0, act_later)
    return answer


def _explicit(environment: Environment, call: Call, public_id: str) -> dict[str, Any]:
    asset = find_existing(environment, call, public_id)
    request = environment.categorizer.parse_request(call.params, asset)
    new = apply_changes(environment, asset, call)
    asset = environment.categorizer.run(new, request, call.cause)
    environment.notifier.uploaded(asset, call.cause)
    if "explicit" in environment.settings.current.auto_tags_notified:
        environment.notifier.edited([Edit(new, asset)], call.cause)
    return environment.bodies.stored_answer(asset, call.key, call.algorithm)


def rename(environment: Environment, call: Call) -> dict[str, Any]:
    """Change an asset's public_id. Its asset_id and version stay the same."""
    params = call.params
    asset = find_existing(environment, call, params.required("from_public_id"))
    to_public_id = params.required("to_public_id")
    target = with_public_id(asset, to_public_id, environment.settings.current.folder_mode)
    target = replace(target, type=params.text("to_type") or asset.type)
    other = environment.store.find(target.key)
    if other is not None and other.asset_id != asset.asset_id:
        if not params.flag("overwrite"):
            raise ApiError(400, f"to_public_id {to_public_id} already exists")
        environment.store.remove(other)
    environment.store.save(target)
    environment.notifier.renamed(target, asset.public_id, call.cause)
    return environment.bodies.upload_answer(target, call.key, call.algorithm)


def destroy(environment: Environment, call: Call) -> dict[str, Any]:
    """Delete an asset."""
    asset = environment.store.find(call.key_of(call.params.required("public_id")))
    if asset is None:
        return {"result": "not found"}
    environment.store.remove(asset)
    environment.notifier.deleted([asset], call.cause)
    return {"result": "ok"}
