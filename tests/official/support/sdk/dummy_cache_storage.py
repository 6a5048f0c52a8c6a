"""``test/cache/storage/dummy_cache_storage.py`` of the Python SDK's tests, which its source distribution lacks."""

from typing import Any

from cloudinary.cache.storage.key_value_storage import KeyValueStorage


class DummyCacheStorage(KeyValueStorage):  # type: ignore[misc]  # the SDK has no types
    """A cache in memory."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        """Return the value of ``key``, None without one."""
        return self._values.get(key)

    def set(self, key: str, value: Any) -> bool:
        """Store a value."""
        self._values[key] = value
        return True

    def delete(self, key: str) -> bool:
        """Remove a value, if there is one."""
        self._values.pop(key, None)
        return True

    def clear(self) -> bool:
        """Remove all values."""
        self._values.clear()
        return True
