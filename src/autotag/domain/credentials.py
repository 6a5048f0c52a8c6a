"""What the Cloudinary secret holds."""

from collections.abc import Mapping

from msgspec import Struct


class Credentials(Struct, frozen=True):
    """The Cloudinary secret. ``notification_secrets`` maps API key ids to the secrets that may sign notifications."""

    cloud_name: str
    api_key: str
    api_secret: str
    notification_secrets: Mapping[str, str] = {}
    writer_key_dedicated: bool = False

    def signing_secrets(self) -> Mapping[str, str]:
        """Return every live secret that may have signed a notification."""
        return self.notification_secrets or {self.api_key: self.api_secret}

    def __repr__(self) -> str:
        return f"Credentials(cloud_name={self.cloud_name!r}, api_key={self.api_key!r})"
