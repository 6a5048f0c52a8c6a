"""Where the console's pictures come from: the account in the environment, or that of the local stack.

Sources: pycloudinary, ``_config_from_parsed_url`` (a path is the host of a private CDN) and
``unsigned_download_url_prefix`` (``private_cdn``, ``secure_distribution``), ``long_url_signature`` and ``sign_url`` of
``utils.py``.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.account import account_of
from autotag_cli.stack.loopback import is_loopback
from autotag_console.pictures import Delivery

_SHARED = "https://res.cloudinary.com"
_HOST = re.compile(r"[0-9A-Za-z.-]{1,253}(:[0-9]{1,5})?")
_EXPECTED = "expected a host such as media.example.com, after the cloud name or as secure_distribution"


def delivery_of(variables: Mapping[str, str]) -> Delivery:
    """Return the delivery of the account in ``CLOUDINARY_URL``; without any, of a cloud that the stack will name.

    Raises ``Invalid`` with the variable if it is not what is expected.
    """
    url, cloud = (variables.get(name, "").strip() for name in ("CLOUDINARY_URL", "CLOUDINARY_CLOUD_NAME"))
    if not url and not variables.get("CLOUDINARY_API_SECRET", "").strip():
        return Delivery(_SHARED, cloud)
    account, parts = account_of(variables), urlsplit(url)
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    host = given.get("secure_distribution") or parts.path.strip("/")
    private = bool(parts.path.strip("/")) or _is_on(given, "private_cdn")
    if not host and private:
        host = f"{account.cloud_name}-res.cloudinary.com"
    if host and not _HOST.fullmatch(host):
        raise Invalid("CLOUDINARY_URL", _EXPECTED)
    base = f"https://{host}" if host else account.api_base if is_loopback(account.api_base) else _SHARED
    return Delivery(
        base,
        account.cloud_name,
        account.api_secret,
        long_signature=_is_on(given, "long_url_signature"),
        strict=_is_on(given, "sign_url"),
        private_cdn=private and base != _SHARED,
    )


def _is_on(given: Mapping[str, str], name: str) -> bool:
    return given.get(name, "").lower() in ("true", "1")
