"""The team's rules: the grammar of the TOML file as types, read and validated.

The reference, with an example for each key, is docs/rules.md.
"""

import hashlib
import tomllib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from autotag.domain.errors import Invalid
from autotag.domain.labels import MAX_TAG_LENGTH, PROVIDERS

Confidence = Annotated[float, Meta(ge=0, le=1)]
Tag = Annotated[str, Meta(max_length=MAX_TAG_LENGTH, pattern=r"^[^,\s]([^,]*[^,\s])?$")]
Count = Annotated[int, Meta(ge=0, le=1000)]
Priority = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
Prefix = Annotated[str, Meta(max_length=64, pattern=r"^[^,]*$")]
Case = Literal["lower", "title", "keep"]
Mode = Literal["apply", "dry_run"]
AutoTagged = Literal["leave", "adopt"]


class Defaults(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds where nothing more specific does. Confidence values are 0 to 1.

    ``auto_tagged = "adopt"`` takes tags that equal a returned label for Cloudinary's own and so for machine tags.
    """

    threshold: Confidence = 0.7
    review: Confidence | None = None
    max_tags: Count = 1000
    case: Case = "keep"
    prefix: Prefix = ""
    mode: Mode = "apply"
    providers: Annotated[tuple[str, ...], Meta(min_length=1)] = ("aws_rek_tagging",)
    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    auto_tagged: AutoTagged = "leave"


class LabelRule(Struct, frozen=True, forbid_unknown_fields=True):
    """What is special about one label; a key that is left out falls back to the settings."""

    threshold: Confidence | None = None
    tag: Tag | None = None
    parents: tuple[Tag, ...] | None = None
    priority: Priority | None = None


class Overrides(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings that a ``[[when]]`` block changes."""

    threshold: Confidence | None = None
    review: Confidence | None = None
    max_tags: Count | None = None
    case: Case | None = None
    prefix: Prefix | None = None
    mode: Mode | None = None


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """A block that applies where every condition it names holds."""

    name: str = ""
    folder: str | None = None
    format: tuple[str, ...] | None = None
    tags_any: tuple[str, ...] | None = None
    context: dict[str, str] = {}
    labels_any: tuple[str, ...] | None = None
    set: Overrides = Overrides()
    labels: dict[str, LabelRule] = {}
    add: tuple[Tag, ...] = ()
    skip: bool = False


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """One rules file."""

    name: Annotated[str, Meta(min_length=1, max_length=100)] = "default"
    defaults: Defaults = Defaults()
    labels: dict[str, LabelRule] = {}
    when: tuple[When, ...] = ()


def parse_rules(text: str, source: str = "rules") -> Rules:
    """Read a rules file. ``source`` names it in errors. Raises ``Invalid`` with the place and what was expected."""
    try:
        rules = msgspec.convert(tomllib.loads(text), Rules)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(source, f"expected TOML: {error}") from error
    except RecursionError as error:
        raise Invalid(source, "is nested too deeply") from error
    except msgspec.ValidationError as error:
        raise Invalid(source, str(error)) from error
    for provider in rules.defaults.providers:
        if provider not in PROVIDERS:
            known = ", ".join(sorted(PROVIDERS))
            raise Invalid(source, f"defaults.providers: {provider!r} is not a provider, expected one of {known}")
    return rules


def rules_version(rules: Rules) -> str:
    """Return the hash of the canonical form: equal rules have equal versions, however they were written down."""
    return hashlib.sha256(msgspec.json.encode(rules, order="deterministic")).hexdigest()
