"""The document in the stack's secret, and what setup stores in it: pure functions."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from autotag.domain.errors import Invalid
from autotag.domain.model.conversion import convert
from autotag.domain.model.strict_json import decode as decode_json
from autotag.domain.notifications.credentials import Credentials
from autotag_cli.cloudinary.account import Account
from autotag_cli.errors import Failure

Document = dict[str, Any]

EMPTY: Document = {}
"""The document that stands for no value: the functions treat it as missing."""

_WITHDRAWN = "withdrawn_keys"
"""The field with the ids of keys that may no longer sign, so that a repeated withdrawal differs from a typo."""

_PREVIOUS = "previous_api_keys"
"""The field with the ids of the keys that the service called with before; the newest first."""

_REMEMBERED = 5

_KEY_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


def read(text: str | None) -> tuple[Document, str]:
    """Return the document in ``text``, and what is wrong with it ("" if it is valid); that quotes no value."""
    try:
        document: Any = decode_json(text or "{}")
        if not isinstance(document, dict):
            return {}, "it is not a JSON object"
        if not document:
            return {}, "it holds nothing yet"
        credentials = convert(document, Credentials)
    except msgspec.ValidationError as error:
        return document if isinstance(document, dict) else {}, f"it is not the expected document: {error}"
    except msgspec.DecodeError:
        return {}, "it is not JSON"
    if not all((credentials.cloud_name, credentials.api_key, credentials.api_secret)):
        return document, "it holds an empty cloud_name, api_key or api_secret"
    if not all(credentials.signing_secrets().values()):
        return document, "it names an empty notification secret"
    return document, ""


def signing_secrets(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the secrets that may sign, by key id, as the service reads them from the document."""
    named = document.get("notification_secrets")
    if isinstance(named, dict) and named:
        return {str(key): str(secret) for key, secret in named.items()}
    return {str(document["api_key"]): str(document["api_secret"])} if document.get("api_key") else {}


def compose_document(
    current: Mapping[str, Any],
    account: Account,
    signing: Mapping[str, str],
    *,
    withdrawn: Iterable[str] = (),
    dedicated: bool | None = None,
) -> Document:
    """Return the document for ``account``: its credentials, the rest of ``current``, and more signing keys.

    The account's own key may sign until it is withdrawn. It only writes where ``current`` names other keys and not that
    one, or where the stack is set up with ``signing`` keys and a ``dedicated`` one. When the API key changes, the old
    key keeps verifying: Cloudinary may still sign with it. ``withdrawn`` are keys that may no longer sign; one comes
    back only if ``signing`` names it. ``dedicated`` is about one API key, so what was stored about another is dropped.
    Raises ``Failure`` if the stack belongs to another cloud, ``Invalid`` if one key has two secrets or a key cannot be
    withdrawn.
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
    _check_withdrawn(current, account, signing, withdrawn)
    own = {"cloud_name": account.cloud_name, "api_key": account.api_key, "api_secret": account.api_secret}
    document = {**current, **own}
    if not isinstance(document.get("keeps_tags"), bool | None):  # the functions could not read it
        del document["keeps_tags"]
    names_own = bool(signing) and not (dedicated and not current.get("api_key"))
    signing_keys = _stored_keys(current, account, names_own=names_own) | dict(signing)
    if account.api_key in signing_keys:
        signing_keys[account.api_key] = account.api_secret
    signing_keys = {key: value for key, value in signing_keys.items() if key not in withdrawn}
    document.pop("notification_secrets", None)
    if signing_keys:
        document["notification_secrets"] = signing_keys
    if dedicated is not None:
        document["writer_key_dedicated"] = dedicated
    elif changes_key(current, document):
        document.pop("writer_key_dedicated", None)
    if changes_key(current, document):
        document[_PREVIOUS] = _called_with(current, account.api_key)
    return _with_withdrawn(document, withdrawn)


def _called_with(current: Mapping[str, Any], api_key: str) -> list[str]:
    """Return the ids of the keys before ``api_key``: the notifications of their calls may still be on their way."""
    stored = current.get(_PREVIOUS)
    before = [str(current["api_key"]), *(map(str, stored) if isinstance(stored, list) else ())]
    return [key for key in dict.fromkeys(before) if key != api_key][:_REMEMBERED]


def changes_key(current: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Return whether ``document`` calls Cloudinary with another API key than ``current``, which holds one."""
    return bool(current.get("api_key")) and current["api_key"] != document["api_key"]


def withdrawn_before(current: Mapping[str, Any]) -> set[str]:
    """Return the ids of keys that were withdrawn earlier; the functions do not read them."""
    stored = current.get(_WITHDRAWN)
    return {str(key) for key in stored} if isinstance(stored, list) else set()


def _check_withdrawn(
    current: Mapping[str, Any], account: Account, signing: Mapping[str, str], withdrawn: set[str]
) -> None:
    """Raise ``Invalid`` for a key that the stack never knew: a mistyped id must not pass for a withdrawal.

    One that is added in the same call is refused, too.
    """
    for key in sorted(withdrawn & signing.keys()):
        place = "--signing-keys or $AUTOTAG_NOTIFICATION_SECRETS"
        raise Invalid("--withdraw", f"{key!r} is also among the keys of {place}; expected in one of them")
    old_key = {str(current["api_key"])} if current.get("api_key") not in (None, account.api_key) else set[str]()
    may_sign = {*signing_secrets(current), *signing, *old_key}
    for key in sorted(withdrawn - may_sign - {account.api_key} - withdrawn_before(current)):
        expected = f"one of {', '.join(sorted(may_sign))}" if may_sign else "none, since no key may sign yet"
        raise Invalid("--withdraw", f"{key!r} is not a key that may sign; expected {expected}")


def _with_withdrawn(document: Document, withdrawn: set[str]) -> Document:
    """Return ``document`` with a record of the withdrawn keys; raises ``Invalid`` if one may still sign."""
    may_sign, own = signing_secrets(document).keys(), str(document["api_key"])
    if own in withdrawn & may_sign:
        raise Invalid(
            "--withdraw",
            f"{own} would be the only key that may sign, as the API key in CLOUDINARY_URL; put another one there, or "
            "add one by --signing-keys",
        )
    if withdrawn and not document.get("notification_secrets") and own in withdrawn_before(document):
        raise Invalid(
            "--withdraw",
            f"no key would be left that may sign, since {own} is withdrawn; "
            "add the one that Cloudinary signs with by --signing-keys",
        )
    gone = (withdrawn_before(document) | withdrawn) - may_sign
    kept = {name: value for name, value in document.items() if name != _WITHDRAWN}
    return {**kept, _WITHDRAWN: sorted(gone)} if gone else kept


def _stored_keys(current: Mapping[str, Any], account: Account, *, names_own: bool) -> dict[str, str]:
    """Return the signing keys that ``current`` names, or must name now: the API key changes, or others join it.

    Until then the API key may sign without being named.
    """
    if isinstance(stored := current.get("notification_secrets"), dict) and stored:
        return signing_secrets(current)
    key, secret = current.get("api_key"), current.get("api_secret")
    old = {str(key): str(secret)} if key and secret and key != account.api_key else {}
    if not old and not names_own:
        return {}
    own = {} if account.api_key in withdrawn_before(current) else {account.api_key: account.api_secret}
    return old | own


def signing_keys(entries: Iterable[str], where: str) -> dict[str, str]:
    """Return secrets by key id from ``ID:SECRET`` entries; ``Invalid`` names an entry by number, never by text."""
    secrets: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        key, colon, secret = entry.strip().partition(":")
        if not colon or not _KEY_ID.fullmatch(key) or not secret or not secret.isprintable() or " " in secret:
            raise Invalid(f"{where}, entry {number}", "expected ID:SECRET, an API key and its secret")
        secrets[key] = secret
    return secrets
