"""The types of the parts of a rules file: numbers, names, globs and lists of them, and tables with one rule each."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from autotag.domain.model.asset import MAX_METADATA_VALUE
from autotag.domain.model.labels import FORBIDDEN_CHARACTERS, MAX_TAG_LENGTH

# `$(?!\n)` because Python's `$` matches before a line break at the end, which JSON Schema's does not
Confidence = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=1000)]
Agreement = Annotated[int, Meta(ge=1, le=8)]
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
CategoryName = Annotated[str, Meta(max_length=1000, pattern=r"\S", extra={"expected": "the name of a category"})]
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
MetadataField = Annotated[
    str, Meta(min_length=1, max_length=255, extra={"expected": "the external_id of a metadata field"})
]
MetadataId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_METADATA_VALUE,
        extra={"expected": f"a value of metadata: 1 to {MAX_METADATA_VALUE} characters"},
    ),
]
MetadataValues = Annotated[
    MetadataId | Annotated[tuple[MetadataId, ...], Meta(min_length=1)],
    Meta(
        extra={
            "expected": f"a value of metadata, 1 to {MAX_METADATA_VALUE} characters, or a list of at least 1 of them"
        }
    ),
]
Language = Annotated[
    str,
    Meta(
        max_length=35,
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$(?!\n)",
        extra={"expected": "the code of a language, such as de or pt-BR"},
    ),
]
"""A code in the form of BCP 47: the language, and after hyphens what else is known of it."""
Languages = Annotated[
    tuple[Language, ...],
    Meta(
        description="The languages of tags. One without a table of translations is that of the rules themselves.",
        examples=[["en", "de"]],
    ),
]
Translations = Annotated[
    dict[Language, dict[LabelName, Tag]],
    Meta(
        description="The words of a language, by the tag or the label that they stand for.",
        examples=[{"de": {"Guitar": "Gitarre"}}],
    ),
]
Case = Literal["lower", "title", "keep"]
Ancestors = Literal["keep", "drop", "imply"]
AutoTagged = Literal["leave", "adopt"]
OnMove = Literal["decide", "note"]


class ProviderRule(Struct, frozen=True, forbid_unknown_fields=True):
    """The rule for the labels of one provider."""

    threshold: Annotated[
        Confidence | None, Meta(description="The threshold of this provider's labels, in place of the settings'.")
    ] = None


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


class CategoryRule(Struct, frozen=True, forbid_unknown_fields=True):
    """The rule for each label of one category; a key that is left out falls back to the settings."""

    threshold: Annotated[
        Confidence | None, Meta(description="The threshold of these labels, unless they have one of their own.")
    ] = None
    review: Annotated[
        Confidence | None, Meta(description="From this confidence up to their threshold, a person is asked.")
    ] = None
    deny: Annotated[bool | None, Meta(description="true: these labels are never written.")] = None
    parents: Annotated[
        tuple[Tag, ...] | None, Meta(description="Tags that each of them implies.", examples=[["animal"]])
    ] = None
    priority: Annotated[Priority | None, Meta(description="The priority of their tags under max_tags. Default: 0.")] = (
        None
    )


def listed[T](value: T | tuple[T, ...] | None) -> tuple[T, ...]:
    """Return the items of a key that takes one item or a list of them."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def language_key(code: str) -> str:
    """Return what a language is compared by: upper and lower case are the same."""
    return code.lower()
