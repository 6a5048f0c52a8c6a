"""The tables of the rules file that hold one rule each: for a provider, a label, a category."""

from typing import Annotated

from msgspec import Meta, Struct

from autotag.domain.rules.schema_values import Confidence, Priority, Tag


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
