"""People's changes to tags: which tags are people's, which are suppressed, and which changes a later call undid."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import READ, MessageOrigin, TagsEdited
from autotag.domain.model.verdicts import Sample
from autotag.domain.state.asset_state import AssetState, Assigned, Claim, Op, TagPreference
from autotag.domain.state.tags_present import cleared_at, had, on_asset

TAGS_CHANGED = "resource_tags_changed"

ECHO_SLACK = 5 * 60 * 1000
"""Maximum difference (ms) between Cloudinary's clock and ours when a call is compared with a person's change."""


def active_preferences(state: AssetState) -> dict[str, TagPreference]:
    """Return the preferences that are still in effect: an upload that cleared the tags ends earlier additions."""
    since, kept = cleared_at(state), _shown(state)
    preferences = ((key, preference) for key, preference in state.people.items() if not preference.withdrawn)
    return {
        key: preference
        for key, preference in preferences
        if preference.want == "remove"
        or (preference.at >= since and (kept is None or preference.at >= kept[0] or key in kept[1]))
    }


def _shown(state: AssetState) -> tuple[int, frozenset[str]] | None:
    """Return when this version was uploaded (ms) and the keys of its tags, if it kept those of an older version.

    Of the tags that were added to the older version, only these are still there. None if no tags were kept, or if the
    facts are not known.
    """
    if not state.tags_since or state.facts is None:
        return None
    return state.asset.version * 1000, frozenset(map(label_key, state.facts.tags))


def user_tags_of(state: AssetState) -> tuple[str, ...]:
    """Return the tags known to be on the asset that are people's, not managed."""
    tags = dict.fromkeys(tag for tag in (state.facts.tags if state.facts else ()) if tag not in state.managed_tags)
    for key, preference in active_preferences(state).items():
        if state.facts is not None and preference.at < state.facts.observed_at:
            continue  # later facts count more: an overwriting upload sets its own tags
        if preference.want == "add":
            tags[preference.tag] = None
        elif key not in state.assigned or state.assigned[key].at < preference.at:
            tags = {tag: None for tag in tags if label_key(tag) != key}
    return tuple(tags)


def known_tags(state: AssetState) -> tuple[str, ...]:
    """Return the tags known to be on the asset, people's first, then managed ones."""
    peoples = user_tags_of(state)
    return (*peoples, *(tag for tag in on_asset(state) if tag not in peoples))


def suppressed(state: AssetState) -> frozenset[str]:
    """Return the keys of tags and labels that a person removed from this asset."""
    removed = [
        (key, preference) for key, preference in active_preferences(state).items() if preference.want == "remove"
    ]
    return frozenset(key for tag, preference in removed for key in (tag, *preference.labels))


def apply_person_edit(
    state: AssetState,
    change: TagsEdited,
    *,
    set_by_upload: bool = False,
    stands: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> AssetState:
    """Return ``state`` with a person's change: the latest preference wins; its tag is no longer managed or in review.

    An upload that sets a tag (``set_by_upload``) never lifts a person's removal, in whatever order the notifications
    arrive. An answer in the review queue gives way to an edit before it that was not known when it was given. If two
    changes with the same time contradict each other, neither wins: they become a claim, and a read decides. ``stands``
    maps keys of tags to what they stand for besides what is in ``state``.
    """
    people, claims, managed_tags = dict(state.people), dict(state.claims), state.managed_tags
    given_way: set[str] = set()
    deciding = state.intent.outcome.managed_tags if state.intent else {}
    there = {"add": had(state), "remove": managed_tags or had(state)}
    for op, tag in _done(change):
        key, written = label_key(tag), {**there[op], **deciding}
        known = people.get(key)
        if op == "add" and key in state.assigned and state.assigned[key].at >= change.observed_at:
            continue
        if known is None or known.at < change.observed_at or _gives_way(known, op, change):
            labels = {label for own, names in written.items() if label_key(own) == key for label in names}
            labels = labels.union(stands.get(key, ())) or {*(known.labels if known else ())}
            if known is not None and known.at > change.observed_at:
                given_way.add(key)
            people[key] = TagPreference(
                op,
                change.observed_at,
                tag,
                tuple(sorted(labels)),
                set_by_upload,
                by_hand=change.by_hand,
                unsaid=change.source == READ,
            )
        elif known.unsaid and op == "remove":
            people[key] = replace(known, unsaid=False)  # now a notification reports it
        elif _contradicts(known, op, change.observed_at, set_by_upload):
            claims.setdefault(key, Claim("either", known.at, tag))
            people[key] = replace(known, want="add")  # until the read, the tag is protected
    assigned = {key: found for key, found in state.assigned.items() if _is_newer(found, people.get(key))}
    registered = replace(state, people=people, claims=_open(claims, people), assigned=assigned)
    held = active_preferences(registered)
    return replace(
        registered,
        managed_tags={tag: labels for tag, labels in managed_tags.items() if label_key(tag) not in held},
        review=tuple(tag for tag in state.review if label_key(tag) not in held),
        ask={key: confidence for key, confidence in state.ask.items() if key not in held},
        samples=answered_as(state.samples, people, given_way),
    )


def answered_as(
    samples: Mapping[str, Sample], people: Mapping[str, TagPreference], keys: Collection[str]
) -> dict[str, Sample]:
    """Return ``samples``, those about tags with ``keys`` answered as ``people`` say now.

    Only an answer in the review queue that is not taken back counts as one.
    """
    found = dict(samples)
    for key in samples.keys() & keys:
        said = people.get(key)
        if said is None or not said.answer or said.withdrawn:
            found[key] = replace(found[key], answer="", answered_at=0)
        else:
            found[key] = replace(found[key], answer="accept" if said.want == "add" else "reject", answered_at=said.at)
    return found


def conflicting_writes(state: AssetState, *, called: Collection[str] | None = None) -> dict[str, Op]:
    """Return the tags whose last call undid what a person wants, with what they want.

    ``called``: the last call is known only for tags with these keys, since an owner that died may have made others;
    None: it is known for all.
    """
    fixes: dict[str, Op] = {}
    held = active_preferences(state)
    uploaded_at = cleared_at(state)
    there = state.facts.tags if state.facts else ()
    for tag, write in state.writes.items():
        key = label_key(tag)
        preference, known = held.get(key), called is None or key in called
        if preference is None or _is_open(state, tag) or (not known and key in state.assigned):
            continue
        if known and (write.op == preference.want or write.at + ECHO_SLACK < preference.at):
            continue
        if max(preference.at, write.at) < uploaded_at and tag in there:
            continue  # a later upload set it again, not a call by this service
        fixes[preference.tag if preference.want == "add" else tag] = preference.want
    return fixes


def claiming(state: AssetState, change: TagsEdited) -> AssetState:
    """Return ``state`` with ``change`` added as claims, which a read of the asset is to confirm."""
    claims = dict(state.claims)
    for op, tag in _done(change):
        key = label_key(tag)
        known = claims.get(key)
        claim = Claim(op, change.observed_at, tag, change.by, change.by_hand, change.source.digest)
        if known is None or known.at < claim.at:
            claims[key] = claim
        elif known.at == claim.at and known.want != op:
            claims[key] = replace(known, want="either", by="", by_hand=False, digest="")
    return replace(state, claims=_open(claims, state.people))


def confirmed(state: AssetState, there: frozenset[str]) -> tuple[AssetState, list[TagsEdited]]:
    """Return ``state`` with only the claims that a read confirms, and the changes in them, the oldest first.

    ``there`` are the keys of the tags that the read shows. Registering a change ends its claims.
    """
    people, claims = dict(state.people), {}
    changes: dict[tuple[int, str, bool, str], dict[Op, list[str]]] = {}
    for key, claim in state.claims.items():
        shown: Op = "add" if key in there else "remove"
        if claim.want == "either" and key in people:
            people[key] = replace(people[key], want=shown, settled=True)
        elif claim.want in (shown, "either"):
            event = (claim.at, claim.by, claim.by_hand, claim.digest)
            changes.setdefault(event, {"add": [], "remove": []})[shown].append(claim.tag)
            claims[key] = replace(claim, want=shown)
    found = [
        TagsEdited(
            state.asset, at, by, MessageOrigin(TAGS_CHANGED, digest), tuple(ops["add"]), tuple(ops["remove"]), by_hand
        )
        for (at, by, by_hand, digest), ops in sorted(changes.items())
    ]
    return replace(state, people=people, claims=claims), found


def _done(change: TagsEdited) -> list[tuple[Op, str]]:
    return [*(("add", tag) for tag in change.added), *(("remove", tag) for tag in change.removed)]


def _is_newer(found: Assigned, preference: TagPreference | None) -> bool:
    """Return whether Cloudinary assigned a tag after a person removed it, or no person has changed it."""
    return preference is None or (preference.want == "remove" and preference.at <= found.at)


def _gives_way(known: TagPreference, op: Op, change: TagsEdited) -> bool:
    """Whether what is known gives way to an edit that is older but arrives later."""
    if known.set_by_upload and op == "remove":
        return True
    return change.source.notification_type == TAGS_CHANGED and _was_not_known(known, change.observed_at)


def _was_not_known(preference: TagPreference, at: int) -> bool:
    """Whether an edit at ``at`` came before an answer in the review queue, and was not known when that was given."""
    return bool(preference.answer) and preference.after < at < preference.at


def _contradicts(known: TagPreference, op: Op, at: int, set_by_upload: bool) -> bool:
    decided = known.set_by_upload or known.withdrawn or known.settled
    return known.at == at and known.want != op and not set_by_upload and not decided


def _is_open(state: AssetState, tag: str) -> bool:
    claim = state.claims.get(label_key(tag))
    return claim is not None and claim.want == "either"


def _open(claims: dict[str, Claim], people: dict[str, TagPreference]) -> dict[str, Claim]:
    """Return the claims that add to ``people``; one that contradicts a preference of the same time becomes "either"."""
    found: dict[str, Claim] = {}
    for key, claim in claims.items():
        preference = people.get(key)
        if preference is None or preference.at < claim.at or _was_not_known(preference, claim.at):
            found[key] = claim
        elif preference.at == claim.at and claim.want != preference.want and not preference.settled:
            found[key] = Claim("either", claim.at, claim.tag)
    return found
