"""The content of the Cloudinary secret."""

from collections.abc import Mapping

from msgspec import Struct


class Credentials(Struct, frozen=True):
    """The Cloudinary secret. ``notification_secrets`` maps API key ids to the secrets that may sign notifications.

    ``keeps_tags`` is a preference of the product environment: True if an overwriting upload keeps the tags that the
    asset had, False if it clears them, None if that is not known.
    Source: cloudinary.com/documentation/image_upload_api_reference, ``overwrite``. ``previous_api_keys`` are the ids of
    keys that this service called with before a rotation.
    """

    cloud_name: str
    api_key: str
    api_secret: str
    notification_secrets: Mapping[str, str] = {}
    writer_key_dedicated: bool = False
    keeps_tags: bool | None = None
    previous_api_keys: tuple[str, ...] = ()

    def own_keys(self) -> frozenset[str]:
        """Return the ids of the keys that this service calls with, and called with before."""
        return frozenset((self.api_key, *self.previous_api_keys))

    def signing_secrets(self) -> Mapping[str, str]:
        """Return every live secret that may have signed a notification."""
        return self.notification_secrets or {self.api_key: self.api_secret}

    def __repr__(self) -> str:
        return f"Credentials(cloud_name={self.cloud_name!r}, api_key={self.api_key!r})"
