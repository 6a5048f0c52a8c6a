"""Authentication of callers: Basic authentication everywhere, and signed parameters on the Upload API."""

import base64
import binascii
import hmac
import re

from simulator.accounts.accounts import Account
from simulator.core.clock import utc_text
from simulator.core.errors import ApiError
from simulator.core.params import Params
from simulator.core.signing import request_is_signed, string_to_sign
from simulator.presets.applied import check_unsigned
from simulator.presets.upload_presets import UploadPresets

_MAX_AGE_SECONDS = 3600
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_UNSIGNED_PARAMETERS = frozenset({"notification_url", "batch_id"})
_ACTIONS_WITH_UNSIGNED = frozenset({"tags", "context", "metadata"})
"""Actions whose signature does not cover ``_UNSIGNED_PARAMETERS``, as the official SDKs sign them."""


def authenticate_basic(account: Account, authorization: str) -> str:
    """Return the id of the calling key from an ``Authorization`` header. Raises ``ApiError`` 401."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise ApiError(401, "Must supply Basic authentication with api_key and api_secret")
    try:
        key_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ApiError(401, "Malformed Basic authentication") from error
    if key_id not in account.keys:
        raise ApiError(401, "unknown api_key")
    if not hmac.compare_digest(account.keys[key_id].encode(), secret.encode()):
        raise ApiError(401, "api_secret mismatch")
    return key_id


def is_unsigned(params: Params) -> bool:
    """Return whether a call has neither a key nor a signature."""
    return not params.text("api_key") and not params.text("signature")


def authenticate_unsigned(presets: UploadPresets, params: Params, action: str) -> str:
    """Return "", the key of a call that needs none: an upload with an unsigned preset. Raises ``ApiError``."""
    if action != "upload":
        raise ApiError(401, "Must supply api_key")
    check_unsigned(presets, params)
    return ""


def authenticate_signature(
    account: Account, params: Params, action: str, now: float, *, sha256_only: bool = False
) -> str:
    """Return the id of the calling key from signed parameters. Raises ``ApiError`` 400 or 401."""
    key_id, signature = params.text("api_key"), params.text("signature")
    if key_id not in account.keys:
        raise ApiError(401, f"Unknown API key {key_id}" if key_id else "Missing required parameter - api_key")
    if not signature:
        raise ApiError(401, "Missing required parameter - signature")
    timestamp = params.required("timestamp")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise ApiError(400, f"Invalid timestamp {timestamp}")
    excluded = _UNSIGNED_PARAMETERS if action in _ACTIONS_WITH_UNSIGNED else frozenset()
    algorithms = ("sha256",) if sha256_only else ("sha1", "sha256")
    if not request_is_signed(params.values, signature, account.keys[key_id], excluded, algorithms):
        text = string_to_sign(params.values, 1, excluded)
        raise ApiError(401, f"Invalid Signature {signature}. String to sign - '{text}'.")
    if int(timestamp) < now - _MAX_AGE_SECONDS:
        moment = f"{utc_text(int(timestamp))} +0000"
        raise ApiError(400, f"Stale request - reported time is {moment} which is more than 1 hour ago")
    return key_id
