"""What people did to tags: whose a tag is, what is suppressed, and what of it we undid."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace

from autotag.domain.labels import label_key
from autotag.domain.message import READ, PersonTags, Source
from autotag.domain.on_asset import cleared_at, had, on_asset
from autotag.domain.state import AssetState, Assigned, Claim, Op, Wish

TAGS_CHANGED = "resource_tags_changed"

ECHO_SLACK = 5 * 60 * 1000
"""How far Cloudinary's clock and ours may differ (ms) when a write of ours is compared with a person's."""


def standing(state: AssetState) -> dict[str, Wish]:
    """Return the wishes that still hold: an upload that cleared the tags ends what was added before."""
    since, kept = cleared_at(state), _shown(state)
    wishes = ((key, wish) for key, wish in state.people.items() if not wish.cleared)
    return {
        key: wish
        for key, wish in wishes
        if wish.want == "remove" or (wish.at >= since and (kept is None or wish.at >= kept[0] or key in kept[1]))
    }


def _shown(state: AssetState) -> tuple[int, frozenset[str]] | None:
    """Return when the picture was uploaded (ms) and the keys of the tags that it shows, where it kept older ones.

    Of what was added to the older picture, just that is still there. None where nothing was kept, or shown yet.
    """
    if not state.tags_since or state.facts is None:
        return None
    return state.asset.version * 1000, frozenset(map(label_key, state.facts.tags))


def their_tags(state: AssetState) -> tuple[str, ...]:
    """Return the tags known to be on the asset that are people's, not ours."""
    tags = dict.fromkeys(tag for tag in (state.facts.tags if state.facts else ()) if tag not in state.ours)
    for key, wish in standing(state).items():
        if state.facts is not None and wish.at < state.facts.observed_at:
            continue  # what was seen later counts: an overwriting upload sets its own tags
        if wish.want == "add":
            tags[wish.tag] = None
        elif key not in state.assigned or state.assigned[key].at < wish.at:
            tags = {tag: None for tag in tags if label_key(tag) != key}
    return tuple(tags)


def known_tags(state: AssetState) -> tuple[str, ...]:
    """Return the tags known to be on the asset, people's first, then ours."""
    theirs = their_tags(state)
    return (*theirs, *(tag for tag in on_asset(state) if tag not in theirs))


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

    A tag that an upload ``brought`` does not end that a person took it away, however late that arrives. An answer in
    the review queue ends with an edit before it that was not known then: there would have been no question. Of two
    changes of one time that contradict each other neither wins: a claim is left, and a read decides. ``stands`` gives
    by the keys of tags what else than in ``state`` they stand for.
    """
    people, claims, ours = dict(state.people), dict(state.claims), state.ours
    deciding = state.intent.outcome.ours if state.intent else {}
    there = {"add": had(state), "remove": ours or had(state)}
    for op, tag in _done(change):
        key, written = label_key(tag), {**there[op], **deciding}
        known = people.get(key)
        if op == "add" and key in state.assigned and state.assigned[key].at >= change.observed_at:
            continue
        if known is None or known.at < change.observed_at or _gives_way(known, op, change):
            labels = {label for own, names in written.items() if label_key(own) == key for label in names}
            labels = labels.union(stands.get(key, ())) or {*(known.labels if known else ())}
            people[key] = Wish(
                op,
                change.observed_at,
                tag,
                tuple(sorted(labels)),
                brought,
                by_hand=change.by_hand,
                unsaid=change.source == READ,
            )
        elif known.unsaid and op == "remove":
            people[key] = replace(known, unsaid=False)  # so that is how it went
        elif _contradicts(known, op, change.observed_at, brought):
            claims.setdefault(key, Claim("either", known.at, tag))
            people[key] = replace(known, want="add")  # until then it is protected
    assigned = {key: found for key, found in state.assigned.items() if _is_younger(found, people.get(key))}
    registered = replace(state, people=people, claims=_open(claims, people), assigned=assigned)
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
    uploaded_at = cleared_at(state)
    there = state.facts.tags if state.facts else ()
    for tag, write in state.writes.items():
        wish = held.get(label_key(tag))
        if wish is None or write.op == wish.want or write.at + ECHO_SLACK < wish.at or _is_open(state, tag):
            continue
        if max(wish.at, write.at) < uploaded_at and tag in there:
            continue  # a later upload brought it again, not our call
        fixes[wish.tag if wish.want == "add" else tag] = wish.want
    return fixes


def claiming(state: AssetState, change: PersonTags) -> AssetState:
    """Return ``state`` with what ``change`` says as claims, which a read of the asset is to confirm."""
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


def confirmed(state: AssetState, there: frozenset[str]) -> tuple[AssetState, list[PersonTags]]:
    """Return ``state`` with those of its claims alone that a read confirms, and the changes in them, the oldest first.

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
        PersonTags(state.asset, at, by, Source(TAGS_CHANGED, digest), tuple(ops["add"]), tuple(ops["remove"]), by_hand)
        for (at, by, by_hand, digest), ops in sorted(changes.items())
    ]
    return replace(state, people=people, claims=claims), found


def _done(change: PersonTags) -> list[tuple[Op, str]]:
    return [*(("add", tag) for tag in change.added), *(("remove", tag) for tag in change.removed)]


def _is_younger(found: Assigned, wish: Wish | None) -> bool:
    """Whether Cloudinary assigned a tag after a person had removed it, or where none has spoken."""
    return wish is None or (wish.want == "remove" and wish.at <= found.at)


def _gives_way(known: Wish, op: Op, change: PersonTags) -> bool:
    """Whether what is known gives way to an edit that is older and arrives later."""
    if known.brought and op == "remove":
        return True
    return change.source.notification_type == TAGS_CHANGED and _was_not_known(known, change.observed_at)


def _was_not_known(wish: Wish, at: int) -> bool:
    """Whether an edit at ``at`` came before an answer in the review queue, and was not known when that was given."""
    return bool(wish.answer) and wish.after < at < wish.at


def _contradicts(known: Wish, op: Op, at: int, brought: bool) -> bool:
    decided = known.brought or known.cleared or known.settled
    return known.at == at and known.want != op and not brought and not decided


def _is_open(state: AssetState, tag: str) -> bool:
    claim = state.claims.get(label_key(tag))
    return claim is not None and claim.want == "either"


def _open(claims: dict[str, Claim], people: dict[str, Wish]) -> dict[str, Claim]:
    """Return the claims that say more than is known; one that contradicts a wish of its own time says "either"."""
    found: dict[str, Claim] = {}
    for key, claim in claims.items():
        wish = people.get(key)
        if wish is None or wish.at < claim.at or _was_not_known(wish, claim.at):
            found[key] = claim
        elif wish.at == claim.at and claim.want != wish.want and not wish.settled:
            found[key] = Claim("either", claim.at, claim.tag)
    return found
