"""What is posted to the webhook by the hundred thousand, and how its answers are counted."""

import hmac
import json
from collections import Counter
from hashlib import new
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from tests.unit.domain.samples import A_UPLOAD, B_PENDING, C_INFO, D_FAILED, E_ECHO, F_DELETE, G_RENAME
from tests.unit.handlers.webhook.webhook_corpus import CORPUS
from tests.unit.handlers.webhook.webhook_requests import NOW, SECRET, signed

AUTHENTIC, ALTERED, SHAPES = 9, 8, 4
"""Shares of the properties: each is times the profile's ``max_examples``."""


def examples(share: int) -> int:
    """Return how many inputs a property of this share tries."""
    return share * settings.default.max_examples if settings.default else 0


class Tally:
    """How many inputs were tried, and how they were answered."""

    def __init__(self) -> None:
        self.inputs: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()

    def note(self, name: str, status: int) -> None:
        """Count one input of a property."""
        self.inputs[name] += 1
        self.answers[status] += 1

    def __str__(self) -> str:
        answers = ", ".join(f"{status}: {count:,}" for status, count in sorted(self.answers.items()))
        return f"{self.inputs.total():,} inputs posted to the webhook; answers {answers}"


def authentic(body: bytes, headers: dict[str, str], now: float) -> bool:
    """The contract once more, in other words: is this what Cloudinary would have signed, in time?"""
    names = {name.lower(): value for name, value in headers.items()}
    signature, timestamp = names.get("x-cld-signature", ""), names.get("x-cld-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if not -300 <= now - int(timestamp) <= 7200:
        return False
    algorithm = {40: "sha1", 64: "sha256"}.get(len(signature))
    if algorithm is None or not signature.isascii():
        return False
    return hmac.compare_digest(new(algorithm, body + f"{timestamp}{SECRET}".encode()).hexdigest(), signature)


SAMPLES = [A_UPLOAD, B_PENDING, C_INFO, D_FAILED, E_ECHO, F_DELETE, G_RENAME]
SMALL = [case for case in CORPUS if len(case.body) < 4096]
"""The corpus, less what only its size makes nasty: that is tried once each."""

PIECES = st.binary(max_size=8) | st.sampled_from(
    [
        *(b"", b"null", b"[]", b"{}", b'""', b"-1", b"0", b"1e400", b"NaN", b"Infinity", b"9" * 400, b"true", b"="),
        *(b'"\\ud800"', b'"\\u0000"', b"[[[[", b'{"a":', b",", b":", b'"', b"\\", b"\xff", b"\xed\xa0\x80", b"\x00"),
    ]
)

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "upload",
            "info",
            "rename",
            "delete",
            "complete",
            "pending",
            "failed",
            "aws_rek_tagging",
            "..",
            "a=b",
            "2026-10-08",
        ]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)

FIELDS = sorted({field for sample in SAMPLES for field in json.loads(sample)} | {"folder", "context", "updated"})


@st.composite
def cut_and_pasted(draw: st.DrawFn) -> bytes:
    """A sample with some pieces cut out, repeated or replaced."""
    body = draw(st.sampled_from(SAMPLES) | st.sampled_from(SMALL).map(lambda case: case.body))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 40)))
        body = body[:start] + draw(PIECES | st.just(body[start:end] * 2)) + body[end:]
    return body


@st.composite
def refilled(draw: st.DrawFn) -> bytes:
    """A sample in which some fields hold something else, are missing, or stand twice."""
    document = json.loads(draw(st.sampled_from(SAMPLES)))
    change = draw(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3))
    for field in draw(st.lists(st.sampled_from(FIELDS), max_size=2)):
        document.pop(field, None)
    text = json.dumps({**document, **change}, ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()) and change:
        text = text[:-1] + "," + json.dumps(change, ensure_ascii=True)[1:]  # once more: duplicate keys
    return text.encode("utf-8", "surrogatepass")


BODIES = st.one_of(
    cut_and_pasted(),
    refilled(),
    refilled(),
    st.sampled_from(SMALL).map(lambda case: case.body),
    st.binary(max_size=200),
    JSON.map(lambda value: json.dumps(value).encode()),
)

TIMES = st.integers(NOW - 7300, NOW + 400) | st.integers(0, 10**12 - 1) | st.just(NOW)
NAMES = ("x-cld-signature", "x-cld-timestamp")
VALUES = st.text(max_size=70) | st.sampled_from(
    [str(NOW), f"{NOW}\n", f" {NOW}", f"-{NOW}", "0" * 40, "f" * 64, "F" * 40, "", ",", "\u0661" * 10, "9" * 12]
)


@st.composite
def alterations(draw: st.DrawFn, body: bytes) -> tuple[bytes, dict[str, str]]:
    """A request that was authentic until a hair of it was changed, or that never was."""
    kind = draw(st.sampled_from(["header", "time", "secret", "body", "moved", "spelling", "corpus", "made up"]))
    headers = signed(body, draw(st.integers(NOW - 60, NOW)), algorithm=draw(st.sampled_from(["sha1", "sha256"])))
    if kind == "header":
        name = draw(st.sampled_from(NAMES))
        place = draw(st.integers(0, len(headers[name])))
        cut = draw(st.integers(0, 2))
        headers[name] = headers[name][:place] + draw(st.text(max_size=2)) + headers[name][place + cut :]
    elif kind == "time":
        headers = signed(body, draw(TIMES))
    elif kind == "secret":
        headers = signed(body, NOW, draw(st.text(max_size=12) | st.just(SECRET + "\n")))
    elif kind == "body":
        place = draw(st.integers(0, len(body)))
        body = body[:place] + draw(st.binary(max_size=2)) + body[place + draw(st.integers(0, 2)) :]
    elif kind == "moved":
        digits = draw(st.integers(1, 3))
        timestamp = headers["x-cld-timestamp"]
        body, headers["x-cld-timestamp"] = body + timestamp[:digits].encode(), timestamp[digits:]
    elif kind == "spelling":
        spell = draw(st.sampled_from([str.upper, str.title, str.swapcase]))
        headers = {spell(name): value for name, value in headers.items()}
        headers |= {"x-cld-signature_v2": draw(VALUES)}
    elif kind == "corpus":
        case = draw(st.sampled_from(SMALL))
        body, headers = case.body, case.headers
    else:
        headers = draw(st.dictionaries(st.sampled_from([*NAMES, "X-Cld-Signature", "x-cld-signature_v2"]), VALUES))
    return body, headers


REQUESTS = BODIES.flatmap(alterations)
