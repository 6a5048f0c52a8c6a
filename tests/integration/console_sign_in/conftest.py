"""The settings that the console's function needs when it is imported."""

from tests.unit import conftest  # noqa: F401 - sets them
