"""The body of a request, bounded before anything parses it."""

from urllib.parse import parse_qsl

from starlette.types import Message, Receive

from autotag.domain.rules.parse import MAX_BYTES

MOST_BYTES = 262_144
"""Enough for a hundred answers, each with a tag of 255 characters and an asset_id of 64."""

_RULES = "/rules/"
_MOST_BYTES_OF_RULES = 3 * MAX_BYTES + 4096
"""Enough for the longest rules file, of whose bytes a form writes three characters each, and the fields beside it."""

_FIELDS = 120
"""Enough for a page of the grid, with a field for each picture that is chosen."""


class TooLong(Exception):
    """A body of more bytes than its page needs."""


class Malformed(Exception):
    """A form that cannot be read."""


async def read_body(receive: Receive, path: str) -> bytes:
    """Return the body of a request to ``path``, which may be longer where it holds rules.

    Raises ``TooLong`` as soon as it is too long, ``Malformed`` if the client went away.
    """
    most = _MOST_BYTES_OF_RULES if path.startswith(_RULES) else MOST_BYTES
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Malformed
        body += message.get("body", b"")
        if len(body) > most:
            raise TooLong
        if not message.get("more_body", False):
            return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that gives the application a body that was read already."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def read_form(body: bytes) -> dict[str, str]:
    """Return the fields of a form, ``application/x-www-form-urlencoded``; the last of a name counts.

    Raises ``Malformed``.
    """
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
    except ValueError as error:
        raise Malformed from error
