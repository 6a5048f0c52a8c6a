"""Names that Cloudinary permits for public_ids and folders: one table for names that are typed and those of files.

Sources: Upload API reference, ``public_id`` and ``asset_folder``; Upload guide, "Including a path in the public ID";
cloudinary.com/documentation/ts_permitted_naming_conventions. Control characters are not listed there; they are no part
of a name that a person could read or type.
"""

import re
from collections.abc import Iterable

from autotag.domain.errors import Invalid

MAX_LENGTH = 255
_FORBIDDEN = re.compile(r"[?&#\\%<>+\x00-\x1f\x7f]+")
_WORDS = "? & # \\ % < > + or control characters"
_RESERVED_IN_PUBLIC_IDS = re.compile(r"v[0-9]+|images|videos")
_RESERVED_IN_FOLDERS = re.compile(r"v[0-9]+")


def made_valid(element: str) -> str:
    """Return an element of a path with ``_`` in place of each run of forbidden characters."""
    return _FORBIDDEN.sub("_", element)


def path_element(element: str) -> str:
    """Return an element of a public_id before its last slash; ``_`` follows a reserved one."""
    return f"{element}_" if _RESERVED_IN_PUBLIC_IDS.fullmatch(element) else element


def folder_name(element: str) -> str:
    """Return an element of a folder's path; ``_`` follows a reserved one."""
    return f"{element}_" if _RESERVED_IN_FOLDERS.fullmatch(element) else element


def reserved_remarks(elements: Iterable[str]) -> tuple[str, ...]:
    """Return a sentence about each reserved element of public_ids, once."""
    changed = dict.fromkeys(element for element in elements if path_element(element) != element)
    return tuple(f"{element} is reserved in Cloudinary's paths, {element}_ is used in its place" for element in changed)


def check_folder(folder: str, *, may_be_reserved: bool = False) -> str:
    """Return the path of ``--folder`` without slashes and spaces at its ends; "" is the root. Raises ``Invalid``.

    ``may_be_reserved``: a reserved name is changed later (``folder_name``).
    """
    path = folder.strip("/ ")
    _check("--folder", path, "a folder")
    reserved = [element for element in path.split("/") if folder_name(element) != element]
    if reserved and not may_be_reserved:
        raise Invalid("--folder", f"expected a folder without the reserved name {reserved[0]}, such as {reserved[0]}_")
    return path


def check_public_id(public_id: str) -> None:
    """Raise ``Invalid`` if ``--public-id`` is no valid public_id; reserved elements are changed later."""
    if not public_id or public_id != public_id.strip("/ "):
        raise Invalid("--public-id", f"expected a name without a slash or space at its ends, not {public_id!r}")
    _check("--public-id", public_id, "a name")


def _check(option: str, path: str, what: str) -> None:
    if _FORBIDDEN.search(path):
        raise Invalid(option, f"expected {what} without {_WORDS}, such as {made_valid(path)!r}, not {path!r}")
    if "//" in path:
        raise Invalid(option, f"expected {what} without an empty part between slashes, not {path!r}")
    if len(path) > MAX_LENGTH:
        raise Invalid(option, f"expected {what} of at most {MAX_LENGTH} characters, not {len(path)}")
