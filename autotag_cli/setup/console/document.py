"""The document in the console's secret, and what setup stores in it: pure functions."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

import msgspec

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode
from autotag_cli.setup.console.options import ConsoleOptions
from autotag_console.guard.sessions import Role
from autotag_console.pictures import Delivery
from autotag_console.sign_in.document import read_document

_NEEDED = {"issuer": "--issuer", "client_id": "--client-id", "roles": "--role"}


def stored_fields(text: str) -> dict[str, Any]:
    """Return the fields in the secret's ``text``, none if it holds nothing or no JSON object."""
    try:
        fields = decode(text or "{}")
    except msgspec.DecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}


def composed_text(
    stored: Mapping[str, Any], url: str, given: ConsoleOptions, client_secret: str, delivery: Delivery, new_key: str
) -> str:
    """Return the secret's new text: what is ``stored``, and what is ``given``, for the console at ``url``.

    ``client_secret`` "" leaves the stored one, unless the client changes; ``new_key`` is used where there is none yet.
    ``delivery`` is where the account's pictures come from. Raises ``Invalid`` with the option that is missing or wrong.
    """
    fields = dict(stored)
    new = {
        "issuer": given.issuer,
        "client_id": given.client_id,
        "client_secret": client_secret or None,
        "roles": roles_of(given.roles) or None,
        "groups_claim": given.groups_claim,
        "scope": given.scope,
        "discovery": given.discovery,
    }
    moved = _differs(given.issuer, fields.get("issuer"))
    if moved or _differs(given.client_id, fields.get("client_id")):
        fields.pop("client_secret", None)  # it is of another client
    if moved:
        fields.pop("discovery", None)
    fields |= {name: value for name, value in new.items() if value is not None}
    for name, option in _NEEDED.items():
        if not fields.get(name):
            raise Invalid(option, "is needed the first time")
    fields["url"] = url.rstrip("/")
    fields.setdefault("session_key", new_key)
    fields["session_epoch"] = int(fields.get("session_epoch", 0)) + (
        given.sign_out_everyone or moved  # groups of the same name are of other people there
    )
    if given.sign_pictures is not None or "delivery" not in fields:
        secret = delivery.api_secret if given.sign_pictures else ""
        if given.sign_pictures and not secret:
            raise Invalid("--sign-pictures", "expected $CLOUDINARY_URL with the API secret")
        fields["delivery"] = msgspec.to_builtins(msgspec.structs.replace(delivery, api_secret=secret))
    text = msgspec.json.encode(fields, order="sorted").decode()
    read_document(text)
    return text


def _differs(given: str | None, stored: object) -> bool:
    """Return whether an option changes what is stored already."""
    return given is not None and stored is not None and given != stored


def roles_of(entries: Iterable[str]) -> dict[str, str]:
    """Return roles by group from ``GROUP=ROLE`` entries; a group's name may hold ``=``. Raises ``Invalid``."""
    roles = {}
    for entry in entries:
        group, equals, role = entry.rpartition("=")
        if not equals or not group or role not in get_args(Role):
            raise Invalid(f"--role {entry}", f"expected GROUP=ROLE, with one of the roles {', '.join(get_args(Role))}")
        roles[group] = role
    return roles
