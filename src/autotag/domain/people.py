"""What people did to tags: whose a tag is, what is suppressed, and what of it we undid."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace

from autotag.domain.labels import label_key
from autotag.domain.message import PersonTags
from autotag.domain.state import AssetState, Op, Wish

ECHO_SLACK = 5 * 60 * 1000
"""How far Cloudinary's clock and ours may differ (ms) when a write of ours is compared with a person's."""


def standing(state: AssetState) -> dict[str, Wish]:
    """Return the wishes that still hold: an overwriting upload set its own tags, which ends what was added before."""
    uploaded_at = state.asset.version * 1000
    wishes = ((key, wish) for key, wish in state.people.items() if not wish.cleared)
    return {key: wish for key, wish in wishes if wish.want == "remove" or wish.at >= uploaded_at}


def their_tags(state: AssetState) -> tuple[str, ...]:
    """Return the tags known to be on the asset that are people's, not ours."""
    tags = dict.fromkeys(tag for tag in (state.facts.tags if state.facts else ()) if tag not in state.ours)
    for key, wish in standing(state).items():
        if state.facts is not None and wish.at < state.facts.observed_at:
            continue  # what was seen later counts: an overwriting upload sets its own tags
        if wish.want == "add":
            tags[wish.tag] = None
        else:
            tags = {tag: None for tag in tags if label_key(tag) != key}
    return tuple(tags)


def known_tags(state: AssetState) -> tuple[str, ...]:
    """Return the tags known to be on the asset, people's first, then ours."""
    theirs = their_tags(state)
    return (*theirs, *(tag for tag in state.ours if tag not in theirs))


def suppressed(state: AssetState) -> frozenset[str]:
    """Return the keys of tags and labels that a person took away from this asset."""
    removed = [(key, wish) for key, wish in standing(state).items() if wish.want == "remove"]
    return frozenset(key for tag, wish in removed for key in (tag, *wish.labels))


def register(
    state: AssetState,
    change: PersonTags,
    *,
    brought: bool = False,
    stands: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> AssetState:
    """Write down what a person did: the youngest wish for each tag wins; it is no longer ours, nor asked about.

    A tag that an upload ``brought`` does not end that a person took it away, however late that is told. ``stands``
    tells by the keys of tags what else than in ``state`` they stand for.
    """
    people, ours = dict(state.people), state.ours
    written = {**ours, **(state.intent.outcome.ours if state.intent else {})}
    done: list[tuple[Op, str]] = [("add", tag) for tag in change.added]
    done += [("remove", tag) for tag in change.removed]
    for op, tag in done:
        key = label_key(tag)
        known = people.get(key)
        if known is None or known.at < change.observed_at or (known.brought and op == "remove"):
            labels = {label for own, names in written.items() if label_key(own) == key for label in names}
            labels = labels.union(stands.get(key, ())) or {*(known.labels if known else ())}
            people[key] = Wish(op, change.observed_at, tag, tuple(sorted(labels)), brought)
    registered = replace(state, people=people)
    held = standing(registered)
    return replace(
        registered,
        ours={tag: labels for tag, labels in ours.items() if label_key(tag) not in held},
        review=tuple(tag for tag in state.review if label_key(tag) not in held),
    )


def opposed(state: AssetState) -> dict[str, Op]:
    """Return the tags where our last write undid what a person wants, with what they want."""
    fixes: dict[str, Op] = {}
    held = standing(state)
    uploaded_at = state.asset.version * 1000
    there = state.facts.tags if state.facts else ()
    for tag, write in state.writes.items():
        wish = held.get(label_key(tag))
        if wish is None or write.op == wish.want or write.at + ECHO_SLACK < wish.at:
            continue
        if wish.at < uploaded_at and tag in there:
            continue  # a later upload brought it again
        fixes[wish.tag if wish.want == "add" else tag] = wish.want
    return fixes
