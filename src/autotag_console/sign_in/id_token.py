"""The signature of an ID token. Only a login imports this: joserfc takes longer to import than the rest."""

from collections.abc import Iterable, Mapping
from typing import Any

from joserfc import jwk, jws
from joserfc.errors import JoseError

from autotag.domain.model.strict_json import decode
from autotag_console.sign_in.people import NotAuthentic

ALGORITHMS = ("RS256", "ES256")
_TYPES = {"RS256": "RSA", "ES256": "EC"}


def key_id(token: str) -> str:
    """Return the id of the key that an ID token names, "" for none. Raises ``NotAuthentic``."""
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise NotAuthentic("the provider's token cannot be read") from error
    if header.get("alg") not in ALGORITHMS:
        raise NotAuthentic(f"the provider's token is signed by another algorithm than {' and '.join(ALGORITHMS)}")
    return str(header.get("kid") or "")


def read_claims(token: str, keys: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the claims of a token that one of ``keys`` signed. Raises ``NotAuthentic``.

    A token without a key id is tried with each; the type of a key decides the algorithm.
    """
    for key in keys:
        try:
            algorithms = [each for each in ALGORITHMS if _TYPES[each] == key.get("kty")]
            signed = jws.deserialize_compact(token.encode(), jwk.import_key(dict(key)), algorithms)
            claims = decode(signed.payload, dict[str, Any])
        except (JoseError, ValueError, TypeError, LookupError):  # a key of a kind that is not known here
            continue
        return claims
    raise NotAuthentic("the provider's token is not signed by a key of the provider")
