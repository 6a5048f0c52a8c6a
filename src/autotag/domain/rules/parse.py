"""Reading and validation of a rules file in TOML. ``schema`` has the types, docs/rules.md is the reference."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.model.conversion import convert
from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks import contradictions
from autotag.domain.rules.checks.categories import NO_SETS, CategorySets, required_sets
from autotag.domain.rules.schema import Rules, When
from autotag.domain.rules.schema_values import listed
from autotag.domain.rules.validation.problems import MAX_ERRORS, Diagnostic, InvalidRules

MAX_BYTES = 262_144
"""Maximum size of a rules file in bytes, so that a stored version fits into one item of the History table."""

_POSITION = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_DOTTED = re.compile(r"""(?:[ \t]*+\.[ \t]*+(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')){100}""")
"""A dotted key with more parts than any rule has. tomllib's memory grows with the square of their number."""
_NUMBER = re.compile(r"=[ \t]*([0-9]{0,20}[.,]?[0-9]{0,20}[ \t]?%?)[ \t]*(?:#.*)?\r?$")
"""A number as people write it, after which the line ends."""
_DUPLICATE = re.compile(r"Cannot (?:overwrite|declare|mutate)\b")

_NESTED = Diagnostic((), "", "tables or lists that are nested too deeply", "at most tables within tables")


class Examined(Struct, frozen=True):
    """The result of reading a rules file. ``rules`` is None if there are ``errors``; ``warnings`` are harmless."""

    rules: Rules | None
    errors: tuple[Diagnostic, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


def parse_rules(text: str, source: str = "rules") -> Rules:
    """Read a rules file. ``source`` names it in errors. Raises ``InvalidRules`` with every error."""
    examined = _examine(text)
    if examined.rules is None:
        raise InvalidRules(source, examined.errors)
    return examined.rules


def examine(text: str) -> Examined:
    """Read a rules file and find all its errors: in the TOML, in the schema, and contradictions.

    If there are none, the warnings include those about characters that people do not see.
    """
    examined = _examine(text)
    if examined.rules is None:
        return examined
    # imported here since only people who write rules read it: cold starts are shorter
    from autotag.domain.rules.checks.characters import check_characters

    warnings = (*examined.warnings, *check_characters(examined.rules))
    return Examined(examined.rules, (), warnings[:MAX_ERRORS])


def _examine(text: str) -> Examined:
    document = _document(text)
    if isinstance(document, Diagnostic):
        return Examined(None, (document,))
    try:
        rules = convert(document, Rules)
    except msgspec.ValidationError as error:
        return _examine_invalid(document, str(error))
    errors, warnings = _by_severity(contradictions(rules))
    return Examined(None if errors else rules, errors, warnings)


def rules_version(rules: Rules, sets: CategorySets = NO_SETS) -> str:
    """Return the hash of the canonical form: equal rules have equal versions, however they are written.

    The canonical form leaves out values that equal their default, so a new key in a release changes no stored version.
    It holds the labels of the categories that the rules name; raises ``InvalidRules`` if ``sets`` lack one.
    """
    form: Any = _canonical(rules)
    if used := required_sets(rules, sets):
        form["sets"] = {label_key(name): labels for name, labels in used.items()}
    return hashlib.sha256(msgspec.json.encode(form, order="deterministic")).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, Struct):
        if isinstance(value, When):
            value = _with_lists(value)
        plain = type(value)()  # every key of the schema has a default
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        return {name: _canonical(inner) for name, inner in fields.items() if inner != getattr(plain, name)}
    if isinstance(value, dict):
        return {key: _canonical(inner) for key, inner in value.items()}
    return [_canonical(inner) for inner in value] if isinstance(value, tuple) else value


def _with_lists(when: When) -> When:
    """Return a block in which what stands without a list, where it may, is a list of one."""
    folder_not = (when.folder_not,) if isinstance(when.folder_not, str) else when.folder_not
    return replace(when, folder_not=folder_not, metadata={key: listed(each) for key, each in when.metadata.items()})


def _examine_invalid(document: dict[str, Any], reason: str) -> Examined:
    """Report every schema error, and the contradictions in the parts that can still be read."""
    # imported here since only an invalid file needs it: cold starts are shorter
    from autotag.domain.rules.validation.schema_check import SchemaCheck

    check = SchemaCheck(document)
    if not check.errors:  # an error that only msgspec found
        return Examined(None, (Diagnostic((), "", "a value that the schema does not allow", reason),))
    if len(check.errors) > MAX_ERRORS:
        return Examined(None, tuple(check.errors))
    rules = convert(check.readable, Rules)
    in_source = map(check.in_source, contradictions(rules))
    errors, warnings = _by_severity(diagnostic for diagnostic in in_source if diagnostic is not None)
    return Examined(None, (*check.errors, *errors), warnings)


def _by_severity(diagnostics: Iterable[Diagnostic]) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """Split into errors and warnings, at most ``MAX_ERRORS`` of each."""
    errors: list[Diagnostic] = []
    warnings: list[Diagnostic] = []
    for diagnostic in diagnostics:
        same_severity = errors if diagnostic.severity == "error" else warnings
        if len(same_severity) < MAX_ERRORS:
            same_severity.append(diagnostic)
        if len(errors) == MAX_ERRORS:
            break
    return tuple(errors), tuple(warnings)


def _document(text: str) -> dict[str, Any] | Diagnostic:
    try:
        size = len(text.encode())
        if size > MAX_BYTES:
            return Diagnostic((), "", f"{size} bytes", f"at most {MAX_BYTES}")
        if _DOTTED.search(text):
            return _NESTED
        return tomllib.loads(text.removeprefix("\ufeff"))  # the byte order mark that some editors write
    except RecursionError:
        return _NESTED
    except UnicodeEncodeError:
        return Diagnostic((), "", "half of a surrogate pair", "text that UTF-8 can hold")
    except ValueError as error:
        return _toml_error(str(error), text)


def _toml_error(message: str, text: str) -> Diagnostic:
    """Return an error for invalid TOML; ``message`` is tomllib's."""
    match = _POSITION.fullmatch(message)
    reason, line, column = match.groups() if match else (message.partition(":")[0], None, None)
    found, expected = f"invalid TOML ({reason[:1].lower()}{reason[1:]})", "TOML 1.0"
    if _DUPLICATE.match(reason):
        found, expected = "a duplicate key or table", "each key and table once"
    elif reason.startswith("Expected "):
        found, expected = "invalid TOML", reason.removeprefix("Expected ")
    if line and column:
        return Diagnostic((), "", found, expected, _number_meant(text, int(line)), line=int(line), column=int(column))
    return Diagnostic((), "", found, expected, line=len(text.rstrip().split("\n")) if match else None)


def _number_meant(text: str, line: int) -> str:
    """Return what a number means that is none in TOML, such as ``70%``, ``0,7`` or ``.7``; "" for anything else."""
    # imported here since only an invalid file needs it: cold starts are shorter
    from autotag.domain.rules.validation.messages import suggest_confidence

    match = _NUMBER.search(text.split("\n")[line - 1])
    return suggest_confidence(match[1]) if match else ""
