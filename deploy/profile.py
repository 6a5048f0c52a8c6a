"""A profile of samconfig.toml, read as the SAM CLI reads it."""

import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from deploy.errors import DeployError


class Profile(NamedTuple):
    """What ``sam deploy --config-env NAME`` takes from samconfig.toml: stack, region and parameter values."""

    stack: str
    region: str
    values: Mapping[str, str]


def read_profile(path: Path, name: str) -> Profile:
    """Return the profile ``name``; raises ``DeployError`` if the file or the profile cannot be read."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DeployError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(document.get(name), dict):
        profiles = ", ".join(key for key, value in document.items() if isinstance(value, dict))
        raise DeployError(f"{path.name} has no profile {name!r}; expected one of {profiles}")
    settings = deploy_settings(document, name)
    where = f"{path.name}, profile {name}"
    return Profile(
        str(settings.get("stack_name", "autotag")),
        str(settings.get("region", "")),
        values_in(settings.get("parameter_overrides", ""), where),
    )


def deploy_settings(document: Mapping[str, Any], name: str, command: str = "deploy") -> dict[str, Any]:
    """Return the settings of ``command``: its own come before those for all commands (``global``)."""
    sections = (document[name].get(section, {}).get("parameters", {}) for section in ("global", command))
    return {key: value for section in sections for key, value in section.items()}


def values_in(overrides: Any, where: str) -> dict[str, str]:
    """Return parameter values from ``NAME=VALUE ...``, a list of such texts or a table; raises ``DeployError``."""
    if isinstance(overrides, Mapping):
        return {str(name): str(value) for name, value in overrides.items()}
    texts = [overrides] if isinstance(overrides, str) else overrides
    values = dict[str, str]()
    for entry in (entry for text in texts for entry in _split(str(text), where)):
        name, equals, value = entry.partition("=")
        if not equals or not name.isalnum():
            raise DeployError(f"{where}: {entry!r} is not understood; expected NAME=VALUE")
        if values.setdefault(name, value) != value:
            raise DeployError(f"{where}: {name} is given as {values[name]!r} and as {value!r}; expected one value")
    return values


def _split(text: str, where: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise DeployError(f"{where}: {text!r} is not understood ({error}); expected NAME=VALUE") from error
