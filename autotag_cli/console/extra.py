"""The packages that the console needs beyond the command's own."""

from importlib.util import find_spec

from autotag_cli.errors import Failure

_PACKAGES = ("jinja2", "starlette", "uvicorn")


def check_extra() -> None:
    """Raise ``Failure`` with what to install if a package of the console is missing."""
    if missing := [name for name in _PACKAGES if find_spec(name) is None]:
        raise Failure(
            f"the console needs {' and '.join(missing)}, which the command does not bring: "
            "install them with pip install 'autotag[console]'"
        )
