"""Packages that a command needs beyond the command's own: they come with an extra of the installation."""

from collections.abc import Sequence
from importlib import import_module

from autotag_cli.errors import Failure


def check_extra(extra: str, needed_by: str, packages: Sequence[str]) -> None:
    """Raise ``Failure`` that says what to install if one of ``packages`` is missing. ``needed_by``: "the console"."""
    if missing := [name for name in packages if not _is_there(name)]:
        raise Failure(
            f"{needed_by} needs {', '.join(missing)}, which the command does not bring: "
            f"install them with pip install 'autotag[{extra}]'"
        )


def _is_there(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True
