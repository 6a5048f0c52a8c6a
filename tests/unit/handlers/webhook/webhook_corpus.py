"""The nasty requests, each with the answer that it must get: what the official verifiers get wrong, and more."""

import json
from hashlib import sha1
from typing import NamedTuple

from tests.unit.domain.samples import A_UPLOAD, B_PENDING, C_INFO, D_FAILED, E_ECHO
from tests.unit.handlers.webhook.webhook_requests import NOW, SECRET, signed

KIB = 1024


class Case(NamedTuple):
    """A POST, its headers in the spelling that they arrive in, and the status that it must get."""

    name: str
    body: bytes
    headers: dict[str, str]
    status: int


def _with(**fields: object) -> bytes:
    return json.dumps({**json.loads(A_UPLOAD), **fields}).encode()


def _padded(size: int) -> bytes:
    return A_UPLOAD[:-1] + b',"x":"' + b"x" * (size - len(A_UPLOAD) - 7) + b'"}'


BODIES = {
    "an upload": (A_UPLOAD, 200),
    "an upload that is pending": (B_PENDING, 200),
    "labels": (C_INFO, 200),
    "a failure": (D_FAILED, 200),
    "an echo": (E_ECHO, 200),
    "another type": (b'{"notification_type":"eager"}', 200),
    "a type of tomorrow": ('{"notification_type":"🎸"}'.encode(), 200),
    "an upload with CRLF": (A_UPLOAD + b"\r\n", 200),
    "an upload with NUL escaped": (_with(public_id="a\0b"), 200),
    "duplicate keys": (A_UPLOAD[:-1] + b',"version":1,"version":2}', 200),
    "a key twice that names another type": (A_UPLOAD[:-1] + b',"notification_type":"eager"}', 200),
    "unknown fields": (_with(a={"b": [1, {"c": None}]}), 200),
    "an equals sign": (_with(context={"custom": {"a": "k=v&timestamp=1"}}), 200),
    "signature_key unknown": (_with(signature_key="999"), 200),
    "signature_key a number": (_with(signature_key=7), 200),
    "signature_key an object": (_with(signature_key={"a": []}), 200),
    "labels that are not a list": (_with(info={"categorization": {"aws_rek_tagging": {"status": "complete"}}}), 200),
    "info that is no object": (_with(info=[]), 200),
    "a thousand labels": (
        _with(info={"categorization": {"aws_rek_tagging": {"status": "complete", "data": [{"tag": "x"}] * 1000}}}),
        200,
    ),
    "labels that are nonsense": (
        _with(
            info={"categorization": {"aws_rek_tagging": {"status": "complete", "data": [[[]], 7, None, {"tag": 1}]}}}
        ),
        200,
    ),
    "just 256 KiB": (_padded(256 * KIB), 200),
    "a byte more": (_padded(256 * KIB + 1), 413),
    "6 MB": (_padded(6_000_000), 413),
    "6 MB of nothing": (b" " * 6_000_000, 413),
    "empty": (b"", 400),
    "blank": (b" \n", 400),
    "no JSON": (b"notification_type=upload", 400),
    "half of an upload": (A_UPLOAD[: len(A_UPLOAD) // 2], 400),
    "two documents": (A_UPLOAD + A_UPLOAD, 400),
    "null": (b"null", 400),
    "a list": (b"[" + A_UPLOAD + b"]", 400),
    "a string": (json.dumps(A_UPLOAD.decode()).encode(), 400),
    "no type": (b"{}", 400),
    "a type that is a list": (_with(notification_type=["upload"]), 400),
    "no asset": (b'{"notification_type":"upload"}', 400),
    "an asset_id that climbs": (_with(asset_id="../../x"), 400),
    "a resource_type that climbs": (_with(resource_type=".."), 400),
    "a version that is a text": (_with(version="1791460800"), 400),
    "a version without end": (_with(version=10**40), 400),
    "a public_id without end": (_with(public_id="x" * 1025), 400),
    "not UTF-8": (b'{"notification_type":"upload","x":"\xff"}', 400),
    "UTF-16": (A_UPLOAD.decode().encode("utf-16"), 400),
    "a byte order mark": (b"\xef\xbb\xbf" + A_UPLOAD, 400),
    "a lone surrogate": (b'{"notification_type":"upload","x":"\\ud800"}', 400),
    "a lone surrogate as bytes": (b'{"notification_type":"upload","x":"\xed\xa0\x80"}', 400),
    "NaN": (b'{"notification_type":"upload","x":NaN}', 400),
    "Infinity": (b'{"notification_type":"upload","x":Infinity}', 400),
    "-Infinity": (b'{"notification_type":"upload","x":-Infinity}', 400),
    "a number beyond floats": (b'{"notification_type":"upload","x":1e999}', 400),
    "a huge integer": (b'{"notification_type":"upload","x":' + b"9" * 5000 + b"}", 400),
    "a hundred thousand brackets": (b"[" * 100_000, 400),
    "a hundred thousand brackets in a field": (b'{"notification_type":"upload","x":' + b"[" * 100_000, 400),
    "forty thousand objects in objects": (b'{"a":' * 40_000 + b"1" + b"}" * 40_000, 400),
    "a comment": (b"/**/" + A_UPLOAD, 400),
    "a trailing comma": (A_UPLOAD[:-1] + b",}", 400),
    "a tab in a string": (A_UPLOAD.replace(b"stage/", b"stage\t"), 400),
}
"""Bodies, with the answer where they are authentic."""

_GOOD = signed(A_UPLOAD)
_SIGNATURE, _TIMESTAMP = _GOOD["x-cld-signature"], _GOOD["x-cld-timestamp"]


def _at(timestamp: str) -> dict[str, str]:
    """Headers whose digest is right for whatever stands for a time."""
    made = sha1(A_UPLOAD + timestamp.encode("utf-8", "surrogatepass") + SECRET.encode()).hexdigest()  # noqa: S324
    return {"x-cld-timestamp": timestamp, "x-cld-signature": made}


HEADERS = {
    "none": ({}, 401),
    "SHA-1": (_GOOD, 200),
    "SHA-256": (signed(A_UPLOAD, algorithm="sha256"), 200),
    "upper-case names": ({name.upper(): value for name, value in _GOOD.items()}, 200),
    "title-case names": ({name.title(): value for name, value in _GOOD.items()}, 200),
    "v2 besides": ({**_GOOD, "x-cld-signature_v2": "nonsense"}, 200),
    "v2 only": ({"x-cld-timestamp": _TIMESTAMP, "x-cld-signature_v2": "00ff"}, 401),
    "no timestamp": ({"x-cld-signature": _SIGNATURE}, 401),
    "no signature": ({"x-cld-timestamp": _TIMESTAMP}, 401),
    "empty timestamp": ({**_GOOD, "x-cld-timestamp": ""}, 401),
    "empty signature": ({**_GOOD, "x-cld-signature": ""}, 401),
    "upper-case digest": ({**_GOOD, "x-cld-signature": _SIGNATURE.upper()}, 401),
    "cut digest": ({**_GOOD, "x-cld-signature": _SIGNATURE[:-1]}, 401),
    "long digest": ({**_GOOD, "x-cld-signature": _SIGNATURE + "0"}, 401),
    "digest with a line feed": ({**_GOOD, "x-cld-signature": _SIGNATURE + "\n"}, 401),
    "repeated digest": ({**_GOOD, "x-cld-signature": f"{_SIGNATURE},{_SIGNATURE}"}, 401),
    "repeated timestamp": ({**_GOOD, "x-cld-timestamp": f"{_TIMESTAMP}, {_TIMESTAMP}"}, 401),
    "digest in full-width digits": ({**_GOOD, "x-cld-signature": "\uff10" * 40}, 401),
    "digest of zeros": ({**_GOOD, "x-cld-signature": "0" * 40}, 401),
    "SHA-1 where SHA-256 stands": ({**_GOOD, "x-cld-signature": _SIGNATURE + "0" * 24}, 401),
    "another secret": (signed(A_UPLOAD, secret="another"), 401),
    "an empty secret": (signed(A_UPLOAD, secret=""), 401),
    "the writer's secret": (signed(A_UPLOAD, secret="writer-test-secret"), 401),
    "another body": (signed(B_PENDING), 401),
    "just in time": (signed(A_UPLOAD, NOW - 7199), 200),
    "too old": (signed(A_UPLOAD, NOW - 7300), 401),
    "a little ahead": (signed(A_UPLOAD, NOW + 299), 200),
    "in the future": (signed(A_UPLOAD, NOW + 400), 401),
    "a year ahead": (signed(A_UPLOAD, NOW + 31_536_000), 401),
    "milliseconds": (_at(f"{NOW}000"), 401),
    "negative": (_at(f"-{NOW}"), 401),
    "a plus sign": (_at(f"+{NOW}"), 401),
    "a fraction": (_at(f"{NOW}.0"), 401),
    "an exponent": (_at("1.79146e9"), 401),
    "hexadecimal": (_at(hex(NOW)), 401),
    "underscores": (_at(f"{NOW:_}"), 401),
    "blanks around": (_at(f" {NOW} "), 401),
    "a line feed": (_at(f"{NOW}\n"), 401),
    "Arabic digits": (_at("".join(chr(0x660 + int(digit)) for digit in str(NOW))), 401),
    "zeros before": (_at(f"00{NOW}"), 200),
    "too many zeros before": (_at(f"000{NOW}"), 401),
    "a word": (_at("now"), 401),
    "a surrogate": (_at("\ud800"), 401),
    "a digit moved to the body": ({**_GOOD, "x-cld-timestamp": _TIMESTAMP[1:]}, 401),
}
"""Headers, with the answer for the upload."""

CORPUS = [
    *(Case(name, body, signed(body), status) for name, (body, status) in BODIES.items()),
    *(Case(f"headers: {name}", A_UPLOAD, headers, status) for name, (headers, status) in HEADERS.items()),
    *(
        Case(f"forged: {name}", body, signed(body, secret="a guess"), 413 if len(body) > 256 * KIB else 401)
        for name, (body, _) in BODIES.items()
    ),
    Case(
        "a digit moved to the body", A_UPLOAD + str(NOW)[:1].encode(), {**_GOOD, "x-cld-timestamp": str(NOW)[1:]}, 401
    ),
    Case("a digit moved to the timestamp", A_UPLOAD, {**signed(A_UPLOAD + b"1"), "x-cld-timestamp": f"1{NOW}"}, 401),
]
