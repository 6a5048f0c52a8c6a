"""The simulated product environment: its cloud name and its access keys."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """A cloud name and its access keys. ``keys`` maps API key ids to secrets, oldest first.

    ``delivery_url`` is the beginning of the URLs of assets, where this server delivers their files.
    """

    cloud_name: str
    keys: dict[str, str]
    delivery_url: str

    @property
    def oldest_key(self) -> str:
        """The id of the key whose secret signs notifications, unless the settings name another key."""
        return next(iter(self.keys))


def parse_keys(texts: Sequence[str]) -> dict[str, str]:
    """Return secrets by key id from ``ID:SECRET`` texts. Raises ``ValueError`` with one sentence."""
    keys: dict[str, str] = {}
    for text in texts:
        key_id, separator, secret = text.partition(":")
        if not (key_id and separator and secret):
            raise ValueError(f"--key {text!r} is not of the form ID:SECRET")
        if key_id in keys:
            raise ValueError(f"--key {key_id} is given twice")
        keys[key_id] = secret
    if not keys:
        raise ValueError("at least one --key ID:SECRET is needed")
    return keys
