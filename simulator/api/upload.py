"""The upload call."""

import dataclasses
import secrets
from typing import Any

from msgspec.structs import replace

from simulator.api.call import Call, pending_answer
from simulator.assets.assets import Asset
from simulator.assets.media import Media, describe_file
from simulator.assets.naming import asset_names, base_public_id
from simulator.assets.overwrite import as_notified, merge_overwritten
from simulator.assets.sources import Source, read_source
from simulator.assets.tags import parse_pairs, unique_tags
from simulator.categorization.categorization import CategorizationRequest
from simulator.core.errors import ApiError
from simulator.environment import Environment
from simulator.metadata.values import changed, parse_metadata, with_defaults
from simulator.notifications.changes import Edit
from simulator.presets.applied import with_preset


def upload(environment: Environment, call: Call) -> dict[str, Any]:
    """Store a file, categorize it if requested, and notify. With ``async`` all of this happens after the answer.

    A chunk of a file is only kept; the call that completes the file is the upload.
    """
    default = environment.settings.current.default_upload_preset
    params = with_preset(environment.presets, call.params, default, signed=bool(call.key))
    call = dataclasses.replace(call, params=params)
    if "content-range" in call.headers:
        return _chunk(environment, call)
    return _upload(environment, call)


def _chunk(environment: Environment, call: Call) -> dict[str, Any]:
    upload_id = call.headers.get("x-unique-upload-id", "")
    minimum = environment.settings.current.min_chunk_bytes
    file = environment.partial_files.add_chunk(call.params, upload_id, call.headers["content-range"], minimum)
    first_call = dataclasses.replace(call, params=file.params)
    if file.is_complete:
        return _upload(environment, first_call)
    source = read_source(first_call.params)
    media = describe_file(source.data, source.name, source.digest, call.path["resource_type"])
    # a random name must stay the same for the chunks that follow
    first_call.params.values["public_id"] = base_public_id(first_call.params, source, media.resource_type)
    return {
        "done": False,
        "bytes": file.received,
        "public_id": _draft(environment, first_call).public_id,
        "kind": "upload",
    }


def _upload(environment: Environment, call: Call) -> dict[str, Any]:
    params = call.params
    draft = _draft(environment, call)
    request = environment.categorizer.parse_request(params, draft)
    before = environment.store.find(draft.key)
    if before is not None and not params.flag("overwrite", default=True):
        environment.notifier.uploaded(before, call.cause, existing=True)
        return environment.bodies.stored_answer(before, call.key, call.algorithm, existing=True)
    if not params.flag("async"):
        return _store(environment, call, draft, request)
    answer = pending_answer(call, draft.key)

    def store_later() -> None:
        _store(environment, call, draft, request)

    environment.background.call_later(0, store_later)
    return answer


def _draft(environment: Environment, call: Call) -> Asset:
    params, source = call.params, read_source(call.params)
    media = describe_file(source.data, source.name, source.digest, call.path["resource_type"])
    if environment.settings.current.unreadable_files == "refuse":
        _check_readable(source, media)
    format_ = params.text("format") or media.format
    allowed = params.names("allowed_formats")
    if allowed and format_ not in allowed:
        raise ApiError(400, f"{media.resource_type.capitalize()} file format {format_} not allowed")
    name = asset_names(params, source, media.resource_type, environment.settings.current.folder_mode)
    return Asset(
        asset_id=secrets.token_hex(16),
        public_id=name.public_id,
        resource_type=media.resource_type,
        type=params.text("type", "upload"),
        version=int(call.at),
        version_id=secrets.token_hex(16),
        created_at=call.at,
        bytes=len(source.data),
        digest=source.digest,
        etag=source.etag,
        format=format_,
        width=media.width,
        height=media.height,
        original_filename=source.stem,
        original_extension=source.extension if format_ not in ("", source.extension) else "",
        content=media.content,
        asset_folder=name.asset_folder,
        display_name=name.display_name,
        remote_url=source.remote_url,
        tags=unique_tags(params.names("tags")),
        context=parse_pairs(params.text("context"), "context"),
        metadata=changed({}, parse_metadata(params.text("metadata"), environment.metadata_fields)),
    )


def _check_readable(source: Source, media: Media) -> None:
    """Raise ``ApiError`` for a URL, which is not fetched, and for an image whose first bytes show no format."""
    if source.remote_url:
        raise ApiError(501, "the local Cloudinary does not fetch remote URLs")
    if media.resource_type == "image" and not media.content:
        raise ApiError(400, "Invalid image file")


def _store(environment: Environment, call: Call, draft: Asset, request: CategorizationRequest) -> dict[str, Any]:
    """Save the draft, merged with the asset that it overwrites, if any, and notify."""
    before, settings = environment.store.find(draft.key), environment.settings.current
    new = draft if before is None else merge_overwritten(before, draft, settings)
    new = replace(new, metadata=with_defaults(new.metadata, environment.metadata_fields))
    extra: dict[str, Any] = {} if before is None else {"overwritten": True}
    environment.store.files.save(new.asset_id, read_source(call.params).data)
    asset = environment.categorizer.run(new, request, call.cause)
    sent = environment.categorizer.with_auto_tags(replace(asset, tags=draft.tags), request.auto_tagging)
    notified = as_notified(asset, replace(draft, tags=sent.tags), settings)
    environment.notifier.uploaded(notified, call.cause, **extra)
    if "upload" in settings.auto_tags_notified:
        environment.notifier.edited([Edit(new, asset)], call.cause)
    return environment.bodies.upload_answer(asset, call.key, call.algorithm, **extra)
