"""The packages that the console needs beyond the command's own."""

from importlib import import_module

from autotag_cli.errors import Failure

_PACKAGES = ("jinja2", "starlette", "uvicorn")


def check_extra() -> None:
    """Raise ``Failure`` with what to install if a package of the console is missing."""
    if missing := [name for name in _PACKAGES if not _is_there(name)]:
        raise Failure(
            f"the console needs {', '.join(missing)}, which the command does not bring: "
            "install them with pip install 'autotag[console]'"
        )


def _is_there(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True
