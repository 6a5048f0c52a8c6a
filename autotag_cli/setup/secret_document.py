"""The document in the stack's secret, and what setup stores in it: pure functions."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode as decode_json
from autotag.domain.notifications.credentials import Credentials
from autotag_cli.cloudinary.account import Account
from autotag_cli.errors import Failure

Document = dict[str, Any]

EMPTY: Document = {}
"""The document that stands for no value: the functions treat it as missing."""

_KEY_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


def read(text: str | None) -> tuple[Document, str]:
    """Return the document in ``text``, and what is wrong with it ("" if it is valid); that quotes no value."""
    try:
        document: Any = decode_json(text or "{}")
        if not isinstance(document, dict):
            return {}, "it is not a JSON object"
        if not document:
            return {}, "it holds nothing yet"
        credentials = msgspec.convert(document, Credentials)
    except msgspec.ValidationError as error:
        return document if isinstance(document, dict) else {}, f"it is not the expected document: {error}"
    except msgspec.DecodeError:
        return {}, "it is not JSON"
    if not all((credentials.cloud_name, credentials.api_key, credentials.api_secret)):
        return document, "it holds an empty cloud_name, api_key or api_secret"
    if not all(credentials.signing_secrets().values()):
        return document, "it names an empty notification secret"
    return document, ""


def compose_document(
    current: Mapping[str, Any],
    account: Account,
    signing: Mapping[str, str],
    *,
    withdrawn: Iterable[str] = (),
    dedicated: bool | None = None,
) -> Document:
    """Return the document for ``account``: its credentials, the rest of ``current``, and more signing keys.

    ``withdrawn`` are keys that may no longer sign. If no signing key is named, the account's own key may sign.
    When the API key changes, the old key keeps verifying: Cloudinary may still sign with it.
    Raises ``Failure`` if the stack belongs to another cloud, ``Invalid`` if one key has two secrets.
    """
    withdrawn = set(withdrawn)
    cloud = current.get("cloud_name")
    if cloud and cloud != account.cloud_name:
        raise Failure(
            f"the stack is set up for the cloud {cloud!r} and CLOUDINARY_URL names {account.cloud_name!r}: "
            "run autotag setup --remove with the first one's CLOUDINARY_URL, or name another stack"
        )
    if signing.get(account.api_key, account.api_secret) != account.api_secret:
        raise Invalid(f"the signing key {account.api_key}", "expected the secret that CLOUDINARY_URL has for it")
    own = {"cloud_name": account.cloud_name, "api_key": account.api_key, "api_secret": account.api_secret}
    document = {**current, **own}
    if not isinstance(document.get("keeps_tags"), bool | None):  # the functions could not read it
        del document["keeps_tags"]
    signing_keys = _stored_keys(current, account) | dict(signing)
    if account.api_key in signing_keys:
        signing_keys[account.api_key] = account.api_secret
    signing_keys = {key: value for key, value in signing_keys.items() if key not in withdrawn}
    document.pop("notification_secrets", None)
    if signing_keys:
        document["notification_secrets"] = signing_keys
    if dedicated is not None:
        document["writer_key_dedicated"] = dedicated
    return document


def _stored_keys(current: Mapping[str, Any], account: Account) -> dict[str, str]:
    """Return the signing keys that ``current`` names, or must name now because the API key changes."""
    named = current.get("notification_secrets")
    if isinstance(named, dict) and named:
        return {str(key): str(secret) for key, secret in named.items()}
    old_key, old_secret = current.get("api_key"), current.get("api_secret")
    if old_key and old_secret and old_key != account.api_key:
        return {old_key: old_secret, account.api_key: account.api_secret}
    return {}


def signing_keys(entries: Iterable[str], where: str) -> dict[str, str]:
    """Return secrets by key id from ``ID:SECRET`` entries; ``Invalid`` names an entry by number, never by text."""
    secrets: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        key, colon, secret = entry.strip().partition(":")
        if not colon or not _KEY_ID.fullmatch(key) or not secret or not secret.isprintable() or " " in secret:
            raise Invalid(f"{where}, entry {number}", "expected ID:SECRET, an API key and its secret")
        secrets[key] = secret
    return secrets
