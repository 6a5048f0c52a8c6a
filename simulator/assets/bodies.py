"""The JSON of assets in answers and notifications."""

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from simulator.accounts.accounts import Account
from simulator.assets.assets import Asset, Categorization
from simulator.core.clock import iso_offset, iso_seconds
from simulator.core.live_settings import LiveSettings
from simulator.core.signing import sign_answer
from simulator.files.delivery_urls import NamedFile, delivery_url


class AssetBodies:
    """The JSON objects of assets, with fields in the order of Cloudinary's documented samples."""

    def __init__(self, account: Account, settings: LiveSettings) -> None:
        self._account = account
        self._settings = settings

    def upload_fields(self, asset: Asset, **extra: Any) -> dict[str, Any]:
        """Return the fields that an upload's answer and its notification have in common.

        ``extra`` has ``existing`` or ``overwritten``, and the answer's ``signature``. The order, and that
        ``original_extension`` comes only where it differs from the format, are those of public answers of 2020 to 2026.
        """
        body: dict[str, Any] = {
            "asset_id": asset.asset_id,
            "public_id": asset.public_id,
            "version": asset.version,
            "version_id": asset.version_id,
            **({"signature": extra.pop("signature")} if "signature" in extra else {}),
            **_dimensions(asset),
            **({"format": asset.format} if asset.format else {}),
            "resource_type": asset.resource_type,
            "created_at": iso_seconds(asset.created_at),
            "tags": list(asset.tags),
            "bytes": asset.bytes,
            "type": asset.type,
            "etag": asset.etag,
            "placeholder": False,
            **self._urls(asset),
            **self._folder_fields(asset),
            **_context_and_metadata(asset),
        }
        nested = self._settings.current.data_shape in ("documented", "nested")
        names = {"original_filename": asset.original_filename, "original_extension": asset.original_extension}
        return body | _categorization_info(asset, nested) | extra | {key: name for key, name in names.items() if name}

    def upload_answer(self, asset: Asset, key: str, algorithm: str, **extra: Any) -> dict[str, Any]:
        """Return the answer of an Upload API call about one asset, with the signature that SDKs verify.

        ``key`` is the id of the calling key, "" in an unsigned upload.
        """
        if self._settings.current.sha256_signatures:
            algorithm = "sha256"
        secret = self._account.keys[key or self._account.oldest_key]
        signature = sign_answer(asset.public_id, asset.version, secret, algorithm)
        return self.upload_fields(asset, signature=signature, **extra) | ({"api_key": key} if key else {})

    def stored_answer(self, asset: Asset, key: str, algorithm: str, **extra: Any) -> dict[str, Any]:
        """Return an Upload API call's answer about a stored asset: tags in alphabetical order, as captured in 2018."""
        return self.upload_answer(replace(asset, tags=tuple(sorted(asset.tags))), key, algorithm, **extra)

    def admin_details(self, asset: Asset) -> dict[str, Any]:
        """Return the Admin API's answer about one asset.

        Tags come in alphabetical order and are left out when there are none, as the official Python SDK's tests
        against the live service expect.
        """
        body: dict[str, Any] = {
            **self._details(asset),
            **_context_and_metadata(asset),
            **({"tags": sorted(asset.tags)} if asset.tags else {}),
            **_last_updated(asset),
        }
        nested = self._settings.current.data_shape == "nested"
        return body | _categorization_info(asset, nested) | {"etag": asset.etag, "derived": [], "next_cursor": None}

    def list_entry(self, asset: Asset, include: Collection[str] = ()) -> dict[str, Any]:
        """Return one asset of a list; tags, context and metadata only if ``include`` names them.

        Without any, tags are an empty list; context and metadata are absent.
        """
        values = {"tags": list(asset.tags), **_context_and_metadata(asset)}
        included = {name: value for name, value in values.items() if name in include}
        return {**self._details(asset), **included, **_last_updated(asset)}

    def info_notification(self, asset: Asset, provider: str) -> dict[str, Any]:
        """Return the fields of an ``info`` notification about one provider's result."""
        result = asset.categorization[provider]
        nested = self._settings.current.data_shape == "nested"
        return {
            "info_kind": provider,
            "info_status": result.status,
            "asset_id": asset.asset_id,
            "public_id": asset.public_id,
            "uploaded_at": iso_seconds(asset.created_at),
            "version": asset.version,
            **self._urls(asset),
            "etag": asset.etag if result.status == "complete" else None,
            "notification_type": "info",
            "info_data": _categorization(result, nested).get("data"),
        }

    def dynamic_names(self, asset: Asset) -> dict[str, str]:
        """Return the names that an asset has besides its public_id: none in fixed folder mode.

        There the public_id holds the folder (Upload API reference, folder modes).
        """
        if self._settings.current.folder_mode == "fixed":
            return {}
        return {"asset_folder": asset.asset_folder, "display_name": asset.display_name}

    def _details(self, asset: Asset) -> dict[str, Any]:
        """Return the fields that the Admin API answers about an asset, alone or in a list."""
        return {
            "asset_id": asset.asset_id,
            "public_id": asset.public_id,
            **({"format": asset.format} if asset.format else {}),
            "version": asset.version,
            "resource_type": asset.resource_type,
            "type": asset.type,
            "created_at": iso_seconds(asset.created_at),
            "bytes": asset.bytes,
            **_dimensions(asset),
            **self._folder_fields(asset),
            **self._urls(asset),
        }

    def _folder_fields(self, asset: Asset) -> dict[str, Any]:
        if self._settings.current.folder_mode == "fixed":
            return {"folder": asset.public_id.rpartition("/")[0], "access_mode": "public"}
        return self.dynamic_names(asset)

    def _urls(self, asset: Asset) -> dict[str, str]:
        file = NamedFile(asset.resource_type, asset.type, asset.public_id, asset.format)
        url = delivery_url(self._account, self._settings.current, file, asset.version)
        return {"url": url, "secure_url": url}  # this server has no TLS, and the links must open


def identity(asset: Asset) -> dict[str, Any]:
    """Return the fields by which notifications about several assets identify each."""
    return {
        "resource_type": asset.resource_type,
        "type": asset.type,
        "asset_id": asset.asset_id,
        "public_id": asset.public_id,
    }


def _dimensions(asset: Asset) -> dict[str, int]:
    return {"width": asset.width, "height": asset.height} if asset.width else {}


def _context_and_metadata(asset: Asset) -> dict[str, Any]:
    context = {"context": {"custom": asset.context}} if asset.context else {}
    return context | ({"metadata": asset.metadata} if asset.metadata else {})


def _last_updated(asset: Asset) -> dict[str, Any]:
    times = {
        "updated_at" if field == "updated" else f"{field}_updated_at": iso_offset(at)
        for field, at in sorted(asset.last_updated.items())
    }
    return {"last_updated": times} if times else {}


def _categorization_info(asset: Asset, nested: bool) -> dict[str, Any]:
    results = {provider: _categorization(result, nested) for provider, result in asset.categorization.items()}
    return {"info": {"categorization": results}} if results else {}


def _categorization(result: Categorization, nested: bool) -> dict[str, Any]:
    if result.status == "complete":
        data = [{"tag": label.tag, "confidence": label.confidence} for label in result.labels]
        return {"status": "complete", "data": [data] if nested else data}
    return {"status": result.status} | ({"data": result.error} if result.status == "failed" else {})
