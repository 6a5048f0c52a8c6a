"""The schema of the rules file, as types.

Reading, validation, its messages and the JSON Schema for editors are all made from these types, so that they always
agree. Editors show ``description``; error messages use ``expected`` to say what was expected.
The reference, with an example for each key, is docs/rules.md.
"""

from typing import Annotated

from msgspec import Meta, Struct

from autotag.domain.model.labels import Provider
from autotag.domain.model.outcome import Mode
from autotag.domain.rules.schema_values import (
    Agreement,
    Ancestors,
    AutoTagged,
    Case,
    CategoryName,
    Confidence,
    ContextKey,
    Count,
    Formats,
    Glob,
    Globs,
    LabelName,
    LabelNames,
    Language,
    Languages,
    MetadataField,
    MetadataValues,
    OnMove,
    Prefix,
    ResourceTypes,
    Tag,
    TagNames,
    Translations,
)
from autotag.domain.rules.schema_values import CategoryRule as CategoryRule
from autotag.domain.rules.schema_values import LabelRule as LabelRule
from autotag.domain.rules.schema_values import ProviderRule as ProviderRule


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
    agree: Annotated[
        Agreement, Meta(description="How many of the providers must give a tag. Default: one is enough.")
    ] = 1
    ancestors: Annotated[
        Ancestors,
        Meta(
            description="The ancestors that Rekognition itself names for a kept label. drop: they are no tags. imply: "
            "they are tags, whatever their confidence."
        ),
    ] = "keep"
    languages: Languages = ()
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
        Meta(description="When an asset's folder, context or metadata changes: decide again, or only note the change."),
    ] = "decide"


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
    agree: Annotated[Agreement | None, Meta(description="How many providers must give a tag of these assets.")] = None
    ancestors: Annotated[
        Ancestors | None, Meta(description="What comes of the ancestors of kept labels on these assets.")
    ] = None
    languages: Annotated[
        tuple[Language, ...] | None, Meta(description="The languages of tags on these assets.", examples=[["en"]])
    ] = None


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
    metadata: Annotated[
        dict[MetadataField, MetadataValues],
        Meta(
            description="The asset's structured metadata holds all of these: a value, or one of a list of values.",
            examples=[{"licence": ["editorial", "press"]}],
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
    categories: Annotated[
        dict[CategoryName, CategoryRule],
        Meta(
            description="Rules for the labels of categories on these assets; key by key, they override the others.",
            examples=[{"Animals and Pets": {"threshold": 0.9}}],
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
    providers: Annotated[
        dict[Provider, ProviderRule],
        Meta(description="Rules for single providers.", examples=[{"google_tagging": {"threshold": 0.85}}]),
    ] = {}
    labels: Annotated[
        dict[LabelName, LabelRule],
        Meta(
            description="Rules for single labels. Names that differ only in case are one label.",
            examples=[{"Electric Guitar": {"threshold": 0.6, "tag": "guitar"}}],
        ),
    ] = {}
    categories: Annotated[
        dict[CategoryName, CategoryRule],
        Meta(
            description="Rules for all labels of a category, as Rekognition or an imported list names it.",
            examples=[{"Animals and Pets": {"threshold": 0.9}}],
        ),
    ] = {}
    translations: Translations = {}
    when: Annotated[
        tuple[When, ...],
        Meta(
            description="Blocks for some assets only; each begins with [[when]].",
            extra={"expected": "blocks that each begin with [[when]]"},
        ),
    ] = ()
