"""Checks for ``[[when]]`` blocks that can never match, or that change nothing."""

from collections.abc import Iterator

from autotag.domain.model.labels import MAX_TAG_LENGTH
from autotag.domain.rules.checks.locations import block, items
from autotag.domain.rules.schema import Overrides, Rules, When
from autotag.domain.rules.validation.problems import Diagnostic, Location, error, quoted, warning

_Conditions = tuple[object, ...]
_CHANGES = ("set", "labels", "add", "skip")


def check_blocks(rules: Rules) -> Iterator[Diagnostic]:
    """Yield blocks that can never match, and blocks without an effect."""
    skipped: dict[_Conditions, Location] = {}
    for i, when in enumerate(rules.when):
        if when.skip:
            skipped.setdefault(_conditions(when), block(i).key("skip"))
    for i, when in enumerate(rules.when):
        location = block(i)
        yield from _never_matches(when, location)
        changes = when.set != Overrides() or when.labels or when.add
        by = skipped.get(_conditions(When()))
        if by is None and (when.skip or when.labels_any is None):  # changes may decide whether labels_any matches
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
    dead = [
        (tag_location, tag)
        for tag_location, tag in items(location.key("tags_any"), when.tags_any)
        if "," in tag or len(tag.strip()) > MAX_TAG_LENGTH
    ]
    if dead and len(dead) == len(when.tags_any or ()):
        yield error(location.key("tags_any"), "a block that can never match", "a tag that an asset can have (no comma)")
    else:
        for tag_location, tag in dead:
            yield warning(tag_location, quoted(tag), "a tag that an asset can have (no comma)")


def _folder(glob: str, location: Location) -> Iterator[Diagnostic]:
    segments = glob.strip("/").split("/")
    if len(segments) > 1 and "" in segments:
        corrected = "/".join(filter(None, segments))
        yield error(
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
    lists = (frozenset(names) if names else None for names in (when.format, when.tags_any, when.labels_any))
    return (when.folder, *lists, frozenset(when.context.items()))
