"""The schema of the rules file, as types.

Reading, validation, its messages and the JSON Schema for editors are all made from these types, so that they always
agree. Editors show ``description``; error messages use ``expected`` to say what was expected.
The reference, with an example for each key, is docs/rules.md.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from autotag.domain.model.labels import FORBIDDEN_CHARACTERS, MAX_TAG_LENGTH, Provider
from autotag.domain.model.outcome import Mode

# `$(?!\n)` because Python's `$` matches before a line break at the end, which JSON Schema's does not
Confidence = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=1000)]
Priority = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
Tag = Annotated[
    str,
    Meta(
        max_length=MAX_TAG_LENGTH,
        pattern=rf"^[^,\s{FORBIDDEN_CHARACTERS}]([^,{FORBIDDEN_CHARACTERS}]*[^,\s{FORBIDDEN_CHARACTERS}])?$(?!\n)",
        extra={
            "expected": f"a tag: 1 to {MAX_TAG_LENGTH} characters, no comma, no control or invisible character, "
            "no white space at its ends"
        },
    ),
]
Prefix = Annotated[
    str,
    Meta(
        max_length=64,
        pattern=rf"^([^,\s{FORBIDDEN_CHARACTERS}][^,{FORBIDDEN_CHARACTERS}]*)?$(?!\n)",
        extra={
            "expected": "a prefix: at most 64 characters, no comma, no control or invisible character, "
            "no white space at its beginning"
        },
    ),
]
LabelName = Annotated[str, Meta(max_length=1000, pattern=r"\S", extra={"expected": "the name of a label"})]
TagName = Annotated[str, Meta(max_length=1000, pattern=r"\S", extra={"expected": "a tag"})]
Format = Annotated[str, Meta(max_length=50, pattern=r"[^.\s]", extra={"expected": "a format such as jpg"})]
Formats = Annotated[tuple[Format, ...], Meta(min_length=1)]
TagNames = Annotated[tuple[TagName, ...], Meta(min_length=1)]
LabelNames = Annotated[tuple[LabelName, ...], Meta(min_length=1)]
Glob = Annotated[str, Meta(max_length=1000, extra={"expected": "a folder, such as stage/**"})]
Globs = Annotated[
    Glob | Annotated[tuple[Glob, ...], Meta(min_length=1)],
    Meta(extra={"expected": "a folder, such as stage/**, or a list of at least 1 of them"}),
]
ResourceTypes = Annotated[tuple[Literal["image", "video", "raw"], ...], Meta(min_length=1)]
ContextKey = Annotated[str, Meta(min_length=1, extra={"expected": "the key of a contextual value"})]
Case = Literal["lower", "title", "keep"]
AutoTagged = Literal["leave", "adopt"]
OnMove = Literal["decide", "note"]


class Defaults(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings that apply unless a more specific rule sets them. Confidence values are 0 to 1."""

    threshold: Annotated[Confidence, Meta(description="The lowest confidence at which a label becomes a tag.")] = 0.7
    review: Annotated[
        Confidence | None,
        Meta(
            description="From this confidence up to the threshold, a person is asked. Default: such labels are dropped."
        ),
    ] = None
    max_tags: Annotated[
        Count, Meta(description="The most machine tags on one asset, parents and additions included.")
    ] = 1000
    case: Annotated[Case, Meta(description="The letter case of tags.")] = "keep"
    prefix: Annotated[
        Prefix, Meta(description="The beginning of every machine tag, to mark them as such.", examples=["auto:"])
    ] = ""
    mode: Annotated[Mode, Meta(description="dry_run: everything is decided and audited, nothing is written.")] = "apply"
    providers: Annotated[
        tuple[Provider, ...],
        Meta(
            min_length=1,
            description="The providers whose labels count. A label from several takes its highest confidence.",
            examples=[["aws_rek_tagging"]],
        ),
    ] = ("aws_rek_tagging",)
    deny: Annotated[
        tuple[LabelName, ...],
        Meta(description="Labels and tags that are never written.", examples=[["Human", "Person"]]),
    ] = ()
    allow: Annotated[
        tuple[LabelName, ...],
        Meta(description="Where not empty: the only labels that become tags.", examples=[["Guitar", "Drum"]]),
    ] = ()
    auto_tagged: Annotated[
        AutoTagged,
        Meta(description="adopt: tags that equal a returned label count as Cloudinary's own, and so as machine tags."),
    ] = "leave"
    on_move: Annotated[
        OnMove,
        Meta(description="When an asset's folder or context changes: decide again, or only note the change."),
    ] = "decide"


class LabelRule(Struct, frozen=True, forbid_unknown_fields=True):
    """The rule for one label; a key that is left out falls back to the settings."""

    threshold: Annotated[Confidence | None, Meta(description="This label's own threshold.")] = None
    tag: Annotated[
        Tag | None,
        Meta(description="The tag that it becomes. Labels that share a tag merge into one.", examples=["guitar"]),
    ] = None
    parents: Annotated[
        tuple[Tag, ...] | None, Meta(description="Tags that it implies, with their own parents.", examples=[["music"]])
    ] = None
    priority: Annotated[
        Priority | None, Meta(description="The tags with the highest priority stay under max_tags. Default: 0.")
    ] = None


class Overrides(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings that a ``[[when]]`` block changes."""

    threshold: Annotated[Confidence | None, Meta(description="The threshold for these assets.")] = None
    review: Annotated[
        Confidence | None, Meta(description="The confidence from which a person is asked, for these assets.")
    ] = None
    max_tags: Annotated[Count | None, Meta(description="The most machine tags on one of these assets.")] = None
    case: Annotated[Case | None, Meta(description="The letter case of tags on these assets.")] = None
    prefix: Annotated[
        Prefix | None, Meta(description="The beginning of every machine tag on these assets.", examples=["auto:"])
    ] = None
    mode: Annotated[Mode | None, Meta(description="Whether tags are written to these assets.")] = None


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """A block that applies if all its conditions are met. All that match apply, in file order; a later one wins."""

    name: Annotated[str, Meta(max_length=100, description="The name of this block in audits.")] = ""
    folder: Annotated[
        Glob | None,
        Meta(
            description="The asset's folder: * stays within a segment, ** crosses, stage/** matches stage too.",
            examples=["stage/**"],
        ),
    ] = None
    folder_not: Annotated[
        Globs | None,
        Meta(description="The asset's folder matches none of these.", examples=[["stage/drafts/**"]]),
    ] = None
    resource_type: Annotated[
        ResourceTypes | None,
        Meta(description="The asset is one of these: an image, a video or a raw file.", examples=[["image"]]),
    ] = None
    format: Annotated[
        Formats | None,
        Meta(description="The asset has one of these formats.", examples=[["jpg", "png"]]),
    ] = None
    tags_any: Annotated[
        TagNames | None,
        Meta(description="People put one of these tags on the asset.", examples=[["press"]]),
    ] = None
    tags_none: Annotated[
        TagNames | None,
        Meta(description="People put none of these tags on the asset.", examples=[["private"]]),
    ] = None
    context: Annotated[
        dict[ContextKey, str],
        Meta(
            description="The asset's contextual metadata holds all of these.",
            examples=[{"license": "editorial"}],
        ),
    ] = {}
    labels_any: Annotated[
        LabelNames | None,
        Meta(
            description="One of these labels reaches its threshold under the defaults and earlier blocks.",
            examples=[["Guitar"]],
        ),
    ] = None
    labels_all: Annotated[
        LabelNames | None,
        Meta(description="Each of these labels reaches its threshold so far.", examples=[["Guitar", "Stage"]]),
    ] = None
    labels_none: Annotated[
        LabelNames | None,
        Meta(description="None of these labels reaches its threshold so far.", examples=[["Child"]]),
    ] = None
    set: Annotated[
        Overrides, Meta(description="Settings for these assets.", examples=[{"threshold": 0.6, "max_tags": 5}])
    ] = Overrides()
    labels: Annotated[
        dict[LabelName, LabelRule],
        Meta(
            description="Label rules for these assets; key by key, they override the others.",
            examples=[{"Person": {"threshold": 0.99}}],
        ),
    ] = {}
    add: Annotated[tuple[Tag, ...], Meta(description="Tags that these assets get.", examples=[["concert"]])] = ()
    skip: Annotated[bool, Meta(description="true: no tags of these assets change; they are audited as skipped.")] = (
        False
    )


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """One rules file."""

    name: Annotated[
        str, Meta(min_length=1, max_length=100, description="The name of these rules in audits.", examples=["acme"])
    ] = "default"
    defaults: Annotated[Defaults, Meta(description="Settings that apply unless a more specific rule sets them.")] = (
        Defaults()
    )
    labels: Annotated[
        dict[LabelName, LabelRule],
        Meta(
            description="Rules for single labels. Names that differ only in case are one label.",
            examples=[{"Electric Guitar": {"threshold": 0.6, "tag": "guitar"}}],
        ),
    ] = {}
    when: Annotated[
        tuple[When, ...],
        Meta(
            description="Blocks for some assets only; each begins with [[when]].",
            extra={"expected": "blocks that each begin with [[when]]"},
        ),
    ] = ()


def listed[T](value: T | tuple[T, ...] | None) -> tuple[T, ...]:
    """Return the items of a key that takes one item or a list of them."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)
