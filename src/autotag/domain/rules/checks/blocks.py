"""Checks for ``[[when]]`` blocks that can never match, or that change nothing."""

from collections.abc import Callable, Iterator

from autotag.domain.model.labels import MAX_TAG_LENGTH
from autotag.domain.rules.checks.locations import LABEL_LISTS, TAG_LISTS, block, items, listed_items
from autotag.domain.rules.schema import Overrides, Rules, When
from autotag.domain.rules.schema_values import listed
from autotag.domain.rules.validation.problems import Diagnostic, Location, error, quoted, warning

_Conditions = tuple[object, ...]
_CHANGES = ("set", "labels", "categories", "add", "skip")


def check_blocks(rules: Rules) -> Iterator[Diagnostic]:
    """Yield blocks that can never match, and blocks without an effect."""
    skipped: dict[_Conditions, Location] = {}
    for i, when in enumerate(rules.when):
        if when.skip:
            skipped.setdefault(_conditions(when), block(i).key("skip"))
    for i, when in enumerate(rules.when):
        location = block(i)
        yield from _never_matches(when, location)
        changes = when.set != Overrides() or when.labels or when.categories or when.add
        by = skipped.get(_conditions(When()))
        # changes of settings may decide which labels reach their threshold
        if by is None and (when.skip or not any(getattr(when, key) for key in LABEL_LISTS)):
            by = skipped.get(_conditions(when))
        if not changes and not when.skip:
            yield warning(location, "a block that changes nothing", f"one of {', '.join(_CHANGES)}")
        elif when.skip and _conditions(when) == _conditions(When()):
            yield warning(
                location.key("skip"), "true without a condition, so that no asset is ever tagged", "a condition"
            )
        elif by is not None and changes:
            yield warning(location, f"changes to assets that {by.text} leaves alone", "a block for other assets", by)


def _never_matches(when: When, location: Location) -> Iterator[Diagnostic]:
    if when.folder is not None:
        yield from _folder(when.folder, location.key("folder"))
    for place, glob in listed_items(location.key("folder_not"), when.folder_not):
        yield from _folder(glob, place, warning)
    dead, without_effect = (
        [each for each in items(location.key(key), getattr(when, key)) if _is_no_tag(each[1])] for key in TAG_LISTS
    )
    if dead and len(dead) == len(when.tags_any or ()):
        yield error(location.key("tags_any"), "a block that can never match", "a tag that an asset can have (no comma)")
    else:
        without_effect = dead + without_effect
    for tag_location, tag in without_effect:
        yield warning(tag_location, quoted(tag), "a tag that an asset can have (no comma)")


def _is_no_tag(tag: str) -> bool:
    return "," in tag or len(tag.strip()) > MAX_TAG_LENGTH


def _folder(glob: str, location: Location, report: Callable[..., Diagnostic] = error) -> Iterator[Diagnostic]:
    segments = glob.strip("/").split("/")
    if len(segments) > 1 and "" in segments:
        corrected = "/".join(filter(None, segments))
        yield report(
            location,
            f"{quoted(glob)}, which can never match",
            "no empty folder name in it",
            suggestion=quoted(corrected),
        )
    if "\\" in glob:
        found = f"{quoted(glob)}, in which no folder's name can hold \\"
        yield warning(location, found, "/ between folders", suggestion=quoted(glob.replace("\\", "/")))
    for wildcard in ("?", "[", "{"):
        if wildcard in glob:
            yield warning(
                location, f"{quoted(glob)}, in which {wildcard} stands for itself", "no wildcards but * and **"
            )


def _conditions(when: When) -> _Conditions:
    keys = ("format", "resource_type", *TAG_LISTS, *LABEL_LISTS)
    lists = (frozenset(names) if (names := getattr(when, key)) else None for key in keys)
    metadata = frozenset((field, frozenset(listed(values))) for field, values in when.metadata.items())
    return (when.folder, frozenset(listed(when.folder_not)), *lists, frozenset(when.context.items()), metadata)
