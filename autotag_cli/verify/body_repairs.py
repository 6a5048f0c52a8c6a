"""What usually happens to a body between its arrival and its verification, undone: the repairs of a body."""

import base64
import codecs
from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

from autotag_cli.verify.json_rewrites import has_sorted_keys, rewrites


class Repair(NamedTuple):
    """A repaired body. ``words`` names each step; ``how`` and ``meaning`` are the parts of a sentence about it."""

    words: tuple[str, ...]
    how: str
    meaning: str
    body: bytes


class _Step(NamedTuple):
    word: str
    how: str
    meaning: str
    apply: Callable[[bytes], bytes]


_AS_RECEIVED = "verify the bytes of the request as they were received"
_NO_STEP = _Step("", "", "", lambda body: body)
_MARKS = (
    _NO_STEP,
    _Step(
        "byte_order_mark",
        "without the byte-order mark at its start",
        f"the body was saved as text by a program that adds one; {_AS_RECEIVED}",
        lambda body: body.removeprefix(codecs.BOM_UTF8),
    ),
)
_LINE_ENDS = (
    _NO_STEP,
    _Step(
        "line_ends",
        "with LF as line ends in place of CRLF",
        f"the body went through a program that changes line ends, such as git or an editor; {_AS_RECEIVED}",
        lambda body: body.replace(b"\r\n", b"\n"),
    ),
    _Step(
        "line_ends",
        "with CRLF as line ends in place of LF",
        f"the body was read in text mode, which turns CRLF into LF; open it in binary mode, {_AS_RECEIVED}",
        lambda body: body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    ),
)
_LAST_ENDS = (
    _NO_STEP,
    _Step(
        "last_line_end",
        "without the line break at the end of the file",
        f"an editor or echo added it, it is not part of the body; {_AS_RECEIVED}",
        lambda body: body.rstrip(b"\r\n"),
    ),
    *(
        _Step(
            "missing_last_line_end",
            f"with a line break ({name}) at its end",
            f"something trimmed the body, such as strip() or a shell's $(…); {_AS_RECEIVED}",
            lambda body, end=end: body if body.endswith((b"\r", b"\n")) else body + end,  # type: ignore[misc]
        )
        for name, end in (("LF", b"\n"), ("CRLF", b"\r\n"))
    ),
)
_REWRITTEN = (
    "the body was parsed and written again; verify the raw bytes before any JSON parser reads them, as express.raw(), "
    "request.get_data() or await request.body() give them"
)
_BASE64 = "decode the body first where the event says isBase64Encoded; the signature is of the decoded bytes"


def find_repair(raw: bytes, is_valid: Callable[[bytes], bool]) -> Repair | None:
    """Return the repair with the fewest steps that makes ``raw`` valid, or None if there is none."""
    return next((repair for repair in _repairs(raw) if is_valid(repair.body)), None)


def _repairs(raw: bytes) -> Iterator[Repair]:
    yield from _of_text(raw)
    decoded = _decoded(raw)
    if decoded is not None:
        first = Repair(("base64",), "decoded from base64", _BASE64, decoded)
        yield first
        for repair in _of_text(decoded):
            words, how = (*first.words, *repair.words), f"{first.how} and {repair.how}"
            yield Repair(words, how, f"{_BASE64}; {repair.meaning}", repair.body)
    for spelling, body in rewrites(raw):
        for step in (_NO_STEP, *_LAST_ENDS[2:]):
            how = f"with its JSON written {spelling}" + (f", and {step.how}" if step.how else "")
            yield Repair(("rewritten_json", *filter(None, [step.word])), how, _REWRITTEN, step.apply(body))


def _of_text(raw: bytes) -> Iterator[Repair]:
    seen = {raw}
    for steps in sorted(product(_MARKS, _LINE_ENDS, _LAST_ENDS), key=lambda steps: steps.count(_NO_STEP), reverse=True):
        body, done = raw, list[_Step]()
        for step in steps:
            changed = step.apply(body)
            done += [step] if changed != body else []
            body = changed
        if body not in seen:
            seen.add(body)
            how = " and ".join(step.how for step in done)
            yield Repair(tuple(step.word for step in done), how, done[0].meaning, body)


def _decoded(raw: bytes) -> bytes | None:
    try:
        return base64.b64decode(b"".join(raw.split()), validate=True) or None
    except ValueError:
        return None


def hint_of(raw: bytes) -> str:
    """Return what else the body shows if no repair helps, as the end of a sentence, or ""."""
    if has_sorted_keys(raw):
        return "; its keys are in alphabetical order, as after a rewrite, which loses the order that was signed"
    return ""
