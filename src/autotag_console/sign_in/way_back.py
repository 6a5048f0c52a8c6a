"""Where a login leads back to: a path of the console's own, and nowhere else."""

from urllib.parse import urlsplit

from autotag_console.refusals import SIGN_IN
from autotag_console.sign_in.document import CALLBACK

SIGNED_OUT = "/signed-out"
_LONGEST = 1024


def own_path(text: str) -> str:
    """Return ``text`` if it is a path of this console, else ``/``.

    Browsers read a backslash as a slash, and drop tabs and line ends (WHATWG, URL Standard).
    """
    if not text.startswith("/") or text.startswith("//") or "\\" in text or len(text) > _LONGEST:
        return "/"
    if not text.isascii() or not text.isprintable():
        return "/"
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or parts.path in (SIGN_IN, CALLBACK, SIGNED_OUT):
        return "/"
    return text
