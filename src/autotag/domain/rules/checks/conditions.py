"""Checks of conditions of one ``[[when]]`` block that contradict each other, or that no asset can meet."""

from collections.abc import Iterator
from itertools import islice, product

from autotag.domain.model.folder_glob import folder_pattern
from autotag.domain.model.labels import can_label, label_keys
from autotag.domain.rules.checks.locations import DEFAULTS, block, items, listed_items
from autotag.domain.rules.schema import Rules, When
from autotag.domain.rules.validation.problems import Diagnostic, Location, error, quoted, warning

_NEVER = "a block that can never match"
_ANY = "\ue000"
"""Stands for any text in the folders that a glob is tried with: no glob names this character."""
_MOST_FOLDERS = 256


def check_conditions(rules: Rules) -> Iterator[Diagnostic]:
    """Yield conditions that contradict each other, folders that are left out again, types that no provider labels."""
    for i, when in enumerate(rules.when):
        location = block(i)
        yield from _names(when, location)
        yield from _folders(when, location)
        types, providers = when.resource_type or (), rules.defaults.providers
        if types and not when.skip and not any(can_label(each, type_) for each in providers for type_ in types):
            yield warning(
                location.key("resource_type"),
                f"{' and '.join(types)}, of which {', '.join(providers)} returns no labels",
                "a type of assets that a provider labels",
                DEFAULTS.key("providers"),
            )


def _names(when: When, location: Location) -> Iterator[Diagnostic]:
    """Yield names that must be there and must not be there."""
    for one, other in (("tags_any", "tags_none"), ("labels_any", "labels_none"), ("labels_all", "labels_none")):
        wanted, refused = getattr(when, one) or (), label_keys(getattr(when, other) or ())
        shared = [(place, name) for place, name in items(location.key(one), wanted) if label_keys([name]) <= refused]
        if shared and (one == "labels_all" or len(shared) == len(wanted)):
            name = quoted(shared[0][1])
            expected = f"no name that {location.key(other).text} has"
            yield error(location.key(one), f"{_NEVER}, since {other} has {name} too", expected, location.key(other))
        else:
            for place, name in shared:
                found = f"{quoted(name)}, which {location.key(other).text} has too"
                yield warning(place, found, "each name in one of both", location.key(other))


def _folders(when: When, location: Location) -> Iterator[Diagnostic]:
    for place, glob in listed_items(location.key("folder_not"), when.folder_not):
        if not _covers(glob, "**" if when.folder is None else when.folder):
            continue
        if when.folder is None:
            yield error(place, f"{quoted(glob)}, which leaves out every folder", "some of the folders")
            continue
        found = f"{quoted(glob)}, which leaves out all of {location.key('folder').text}, {quoted(when.folder)}"
        yield error(place, found, "a folder within it", location.key("folder"))


def _covers(glob: str, other: str) -> bool:
    """Return whether ``glob`` matches every folder that ``other`` does.

    It is tried with folders in which a character that no glob names stands for what wildcards match: nothing, a text,
    and for ``**`` several folders as well.
    """
    pattern, found = folder_pattern(glob), _folders_of(other)
    return len(found) < _MOST_FOLDERS and all(pattern.fullmatch(folder) for folder in found)


def _folders_of(glob: str) -> list[str]:
    """Return folders that ``glob`` matches, at most ``_MOST_FOLDERS``."""
    pattern, text = folder_pattern(glob), glob.strip("/")
    pieces = text.replace("**", "\0").replace("*", "\1").replace("\0", "\0|").replace("\1", "\1|").split("|")
    choices = [_choices(piece) for piece in pieces]
    tried = islice(("".join(parts).strip("/") for parts in product(*choices)), _MOST_FOLDERS)
    return [folder for folder in dict.fromkeys(tried) if pattern.fullmatch(folder)]


def _choices(piece: str) -> tuple[str, ...]:
    """Return what a text with a wildcard at its end may stand for."""
    if piece.endswith("\0"):
        text = piece[:-1]
        return (text.removesuffix("/"), text + _ANY, f"{text}{_ANY}/{_ANY}/{_ANY}")
    return (piece[:-1], piece[:-1] + _ANY) if piece.endswith("\1") else (piece,)
