"""The team's rules: the TOML file, read and validated. ``grammar`` has the types, docs/rules.md the reference."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from autotag.domain.rules.checks import contradictions
from autotag.domain.rules.schema import AutoTagged, Case, Defaults, LabelRule, Overrides, Rules, When
from autotag.domain.rules.validation.problems import MAX_FAULTS, Fault, InvalidRules

__all__ = [
    "MAX_BYTES",
    "AutoTagged",
    "Case",
    "Defaults",
    "Examined",
    "LabelRule",
    "Overrides",
    "Rules",
    "When",
    "examine",
    "parse_rules",
    "rules_version",
]

MAX_BYTES = 262_144
"""How large a rules file may be: with it, a stored version stays one item of the History table."""

_POSITION = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_DOTTED = re.compile(r"""(?:[ \t]*+\.[ \t]*+(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')){100}""")
"""A key of so many parts that it stands for no rule; tomllib's memory grows with the square of their number."""
_TWICE = re.compile(r"Cannot (?:overwrite|declare|mutate)\b")

_NESTED = Fault((), "", "what is nested too deeply", "tables within tables at most")


class Examined(Struct, frozen=True):
    """What became of a rules file. ``rules`` is None where there are ``faults``; ``warnings`` do not stop anything."""

    rules: Rules | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def parse_rules(text: str, source: str = "rules") -> Rules:
    """Read a rules file. ``source`` names it in errors. Raises ``InvalidRules`` with every fault."""
    examined = examine(text)
    if examined.rules is None:
        raise InvalidRules(source, examined.faults)
    return examined.rules


def examine(text: str) -> Examined:
    """Read a rules file and find all its faults: of TOML, of the grammar, and contradictions."""
    document = _document(text)
    if isinstance(document, Fault):
        return Examined(None, (document,))
    try:
        rules = msgspec.convert(document, Rules)
    except msgspec.ValidationError as error:
        return _examine_in_spite(document, str(error))
    faults, warnings = _told(contradictions(rules))
    return Examined(None if faults else rules, faults, warnings)


def rules_version(rules: Rules) -> str:
    """Return the hash of the canonical form: equal rules have equal versions, however they were written down.

    What says no more than its default is left out of it: a release that adds a key renames no stored version.
    """
    return hashlib.sha256(msgspec.json.encode(_canonical(rules), order="deterministic")).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, Struct):
        plain = type(value)()  # every key of the grammar has a default
        told = {name: getattr(value, name) for name in value.__struct_fields__}
        return {name: _canonical(said) for name, said in told.items() if said != getattr(plain, name)}
    if isinstance(value, dict):
        return {key: _canonical(said) for key, said in value.items()}
    return [_canonical(said) for said in value] if isinstance(value, tuple) else value


def _examine_in_spite(document: dict[str, Any], reason: str) -> Examined:
    """Tell every fault of the grammar, and the contradictions of what can be read all the same."""
    from autotag.domain.rules.validation.schema_check import (
        Conformance,  # only a broken file needs it, and a cold start should not
    )

    walk = Conformance(document)
    if not walk.faults:  # no word for it in conformance: msgspec's own
        return Examined(None, (Fault((), "", "what the grammar does not allow", reason),))
    if len(walk.faults) > MAX_FAULTS:
        return Examined(None, tuple(walk.faults))
    rules = msgspec.convert(walk.readable, Rules)
    faults, warnings = _told(found for told in contradictions(rules) if (found := walk.holds(told)))
    return Examined(None, (*walk.faults, *faults), warnings)


def _told(found: Iterable[Fault]) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """Tell faults and warnings apart, and no more of either than somebody would read."""
    faults: list[Fault] = []
    warnings: list[Fault] = []
    for fault in found:
        told = faults if fault.severity == "fault" else warnings
        if len(told) < MAX_FAULTS:
            told.append(fault)
        if len(faults) == MAX_FAULTS:
            break
    return tuple(faults), tuple(warnings)


def _document(text: str) -> dict[str, Any] | Fault:
    try:
        size = len(text.encode())
        if size > MAX_BYTES:
            return Fault((), "", f"{size} bytes", f"at most {MAX_BYTES}")
        if _DOTTED.search(text):
            return _NESTED
        return tomllib.loads(text.removeprefix("\ufeff"))  # the mark that some editors begin a file with
    except RecursionError:
        return _NESTED
    except UnicodeEncodeError:
        return Fault((), "", "half of a surrogate pair", "text that UTF-8 can hold")
    except ValueError as error:
        return _broken(str(error), text)


def _broken(message: str, text: str) -> Fault:
    """Say in our words where TOML itself is broken; ``message`` is tomllib's."""
    match = _POSITION.fullmatch(message)
    reason, line, column = match.groups() if match else (message.partition(":")[0], None, None)
    found, expected = f"no valid TOML ({reason[:1].lower()}{reason[1:]})", "TOML 1.0"
    if _TWICE.match(reason):
        found, expected = "a key or table that is there already", "each once"
    elif reason.startswith("Expected "):
        found, expected = "no valid TOML", reason.removeprefix("Expected ")
    if line and column:
        return Fault((), "", found, expected, line=int(line), column=int(column))
    return Fault((), "", found, expected, line=len(text.rstrip().split("\n")) if match else None)
