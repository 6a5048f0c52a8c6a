"""Delivery URLs, in which only the parts that identify an account or an asset are replaced.

Form: cloudinary.com/documentation/advanced_url_delivery_options, "URL structure":
``https://res.cloudinary.com/<cloud>/<kind>/<type>/<signature>/<transformation>/<version>/<public_id>.<format>``
"""

import re
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from autotag_cli.capture.pseudonyms import Pseudonyms
from autotag_cli.capture.vocabulary import DELIVERY_TYPES, FORMATS, RESOURCE_TYPES

_HOSTS = ("res", "api", "cloudinary", "com")
_SIGNATURE = re.compile(r"s--(.+)--")
_VERSION = re.compile(r"v[0-9]{1,12}")
_PARAMETER = re.compile(r"(?:ac|ar|br|c|dpr|eo|f|fl|fps|g|h|pg|q|so|sp|vc|w|x|y|z)_(.+)")
_VALUE = re.compile(
    r"[0-9.]+[a-z]?|[0-9]+:[0-9]+|aac|auto|best|center|crop|eco|face|fill|fit|good|h264|h265|limit|lossy|low|pad|scale"
    r"|thumb|vp9|progressive|" + "|".join(sorted(FORMATS))
)


def is_url(text: str) -> bool:
    """Return whether ``text`` is an HTTP URL."""
    return text.startswith(("http://", "https://"))


def replace_url(url: str, names: Pseudonyms) -> str:
    """Return ``url`` with its cloud name, signature, public_id, named transformations and query replaced."""
    try:
        parts = urlsplit(url)
    except ValueError:  # such as a bracket in the host
        return names.replace(url)
    host = "".join(_host_part(part, names) for part in re.split(r"([.\-:@])", parts.netloc))
    vendor = parts.netloc.endswith("cloudinary.com")
    path = _path(parts.path, names) if vendor else names.replace(parts.path)
    return urlunsplit((parts.scheme, host, path, names.replace(parts.query), names.replace(parts.fragment)))


def replace_transformation(text: str, names: Pseudonyms) -> str:
    """Return a transformation with all parts replaced but sizes, qualities and the like."""
    parts = re.split(r"([,/])", text)
    return "".join(part if part in ",/" or _is_plain(part) else names.replace(part) for part in parts)


def _host_part(part: str, names: Pseudonyms) -> str:
    return part if part in _HOSTS else names.replace(part)


def _path(path: str, names: Pseudonyms) -> str:
    done = list[str]()
    rest = path.split("/")
    while rest and rest[0] not in RESOURCE_TYPES:  # nothing, v1_1, the cloud name
        part = rest.pop(0)
        done.append(part if part == "v1_1" else _replaced(part, names))
    done += [rest.pop(0) for known in (RESOURCE_TYPES, DELIVERY_TYPES) if rest and rest[0] in known]
    if len(rest) > 1 and (signature := _SIGNATURE.fullmatch(rest[0])):
        done.append(f"s--{names.replace(signature[1])}--")
        rest.pop(0)
    while len(rest) > 1 and not _VERSION.fullmatch(rest[0]) and all(map(_is_plain, rest[0].split(","))):
        done.append(rest.pop(0))
    named = next((i for i, part in enumerate(rest[:-1]) if _VERSION.fullmatch(part)), None)
    if named is not None:  # before the version: transformations that name something
        done += [*(replace_transformation(part, names) for part in rest[:named]), rest[named]]
        rest = rest[named + 1 :]
    if not rest:
        return "/".join(done)
    stem, dot, extension = rest.pop().rpartition(".")
    done += [_replaced(part, names) for part in rest]
    if dot and extension in FORMATS:
        return "/".join([*done, f"{_replaced(stem, names)}.{extension}"])
    return "/".join([*done, _replaced(f"{stem}{dot}{extension}", names)])


def _replaced(part: str, names: Pseudonyms) -> str:
    return quote(names.replace(unquote(part)), safe="!$&'()*+,;=:@") if "%" in part else names.replace(part)


def _is_plain(part: str) -> bool:
    found = _PARAMETER.fullmatch(part)
    return found is not None and all(_VALUE.fullmatch(value) for value in found[1].split(":"))
