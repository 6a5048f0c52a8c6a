"""Whether there is a desktop whose browser can show the console."""

import sys
import webbrowser
from collections.abc import Mapping

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def is_desktop(variables: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether a browser would open where the person is: not over SSH, and with a display."""
    if variables.get("SSH_CONNECTION") or variables.get("CI"):
        return False
    return platform in ("darwin", "win32") or any(variables.get(name) for name in _DISPLAYS)


def open_browser(url: str) -> bool:
    """Open ``url`` in the person's browser; return whether one was started."""
    try:
        return webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False
