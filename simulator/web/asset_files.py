"""Delivery of the files of assets, at the URLs that the API answers.

Transformations are accepted, but not carried out: the original is served. Only an image with ``f_jpg`` becomes a JPEG,
of a single color, since originals are not decoded.
"""

import hashlib
import mimetypes
import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from simulator.assets.assets import Asset
from simulator.core.errors import ApiError
from simulator.environment import Environment
from simulator.faults.call_faults import ApiRequest
from simulator.files.delivery_urls import DeliveryPath, name_in, split_path
from simulator.files.derived_picture import Original, derived_jpeg
from simulator.files.generated_picture import GENERATED_FORMATS, generated_picture
from simulator.files.url_signatures import is_signed, needs_signature
from simulator.web.dropped import dropped

_HEADERS = {
    "Cache-Control": "no-cache",
    "Access-Control-Allow-Origin": "*",
    # an uploaded page must not call the control API, which is of the same origin and asks for no credentials
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
_AS_JPEG = re.compile(r"(?:^|[,/])f_jpg(?=[,/]|$)")
_MORE_TYPES = {"webp": "image/webp", "avif": "image/avif", "heic": "image/heic"}


class AssetFiles:
    """The endpoint of delivery URLs. Errors have ``X-Cld-Error``, as of Cloudinary's delivery."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def answer(self, request: Request) -> Response:
        """Answer with the file of an asset, with 401 or 404 and the reason, or with the fault that is due."""
        path, cloud = request.path_params, self._environment.account.cloud_name
        fault = self._environment.faults.apply(ApiRequest(request.method, request.url.path))
        if fault is not None:
            await self._environment.background.pause(fault.delay)
            if fault.drop:
                return await dropped(self._environment.connections, request)
            if fault.replaces:
                return fault.response()
        try:
            if path["cloud"] != cloud:
                raise ApiError(401, f"Unknown customer {path['cloud'][:100]}")
            rest = request.scope["raw_path"].decode("latin-1").split("/", 4)[4]
            return self._served(path["resource_type"], path["type"], rest)
        except ApiError as error:
            shown = quote(error.message, safe=" /:-_.,;()'?=&+")
            return PlainTextResponse(f"{error.message}\n", error.status, {**_HEADERS, "X-Cld-Error": shown})

    def _served(self, resource_type: str, type_: str, rest: str) -> Response:
        asset, delivery, format_ = self._find(resource_type, type_, rest)
        self._check_signature(asset, delivery, format_)
        if asset.resource_type == "image" and _AS_JPEG.search(delivery.transformation):
            original = Original(asset.asset_id, asset.version)
            data = derived_jpeg(original, asset.digest, asset.width, asset.height, delivery.transformation)
            return _response(asset, data, "jpg", hashlib.md5(data, usedforsecurity=False).hexdigest())
        stored = self._environment.store.files.find(asset.asset_id)
        if stored is None:
            generated = asset.format if asset.format in GENERATED_FORMATS else "png"
            return _response(asset, self._picture(asset), generated, asset.etag)
        return _response(asset, stored, asset.format, asset.etag)

    def _find(self, resource_type: str, type_: str, rest: str) -> tuple[Asset, DeliveryPath, str]:
        """Return the asset that a URL names, the reading of the URL, and the format that it asks for."""
        for delivery in split_path(rest):
            public_id, format_ = name_in(delivery.source, resource_type)
            asset = self._environment.store.find((resource_type, type_, public_id))
            if asset is not None:
                return asset, delivery, format_
        public_id, _ = name_in(split_path(rest)[-1].source, resource_type)
        raise ApiError(404, f"Resource not found - {public_id[:300]}")

    def _check_signature(self, asset: Asset, delivery: DeliveryPath, format_: str) -> None:
        settings = self._environment.settings.current
        is_image = asset.resource_type != "raw"
        transformed = bool(delivery.transformation) or (is_image and format_ not in ("", asset.format))
        bare = is_image and not format_ and bool(asset.format)
        if delivery.signature:
            secrets = self._environment.account.keys.values()
            if not is_signed(delivery.signature, delivery.signed_texts, secrets, settings):
                raise ApiError(401, f"Invalid signature {delivery.signature}")
        elif needs_signature(asset.type, settings, transformed=transformed, bare=bare):
            raise ApiError(401, "deny or ACL failure")

    def _picture(self, asset: Asset) -> bytes:
        """Return the generated picture of an asset without a file. Raises ``ApiError`` 404 if it cannot have one."""
        if self._environment.store.files.was_dropped(asset.asset_id):
            raise ApiError(404, f"Resource not found - {asset.public_id}: its bytes exceeded kept_file_bytes")
        if asset.resource_type != "image":
            raise ApiError(404, f"Resource not found - {asset.public_id}: it was uploaded by URL, which is not fetched")
        return generated_picture(asset.digest, asset.format, asset.width, asset.height)


def _response(asset: Asset, data: bytes, format_: str, etag: str) -> Response:
    name = f"x.{format_}" if format_ else asset.public_id
    media_type = _MORE_TYPES.get(format_) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(data, 200, {**_HEADERS, "ETag": f'"{etag}"'}, media_type=media_type)
