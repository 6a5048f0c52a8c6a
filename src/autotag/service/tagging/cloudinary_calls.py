"""Calls to Cloudinary: within the Admin budget and the time left, and none while a circuit breaker is open."""

from autotag.domain.errors import CredentialsRefused, Invalid, Missing, NotUnderstood, Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.health import Share
from autotag.domain.model.messages import READ, LabelsObserved
from autotag.domain.notifications.parse import parse_resource
from autotag.domain.state.asset_state import Op
from autotag.service.context import SAFETY, Dependencies, Remaining


def read_asset(deps: Dependencies, asset_id: str, remaining: Remaining, *, share: Share = "live") -> LabelsObserved:
    """Read an asset from the Admin API. The result counts as observed when the read began.

    ``share`` is the part of the Admin budget that the read is taken out of.

    Raises ``Missing`` if it does not exist, ``NotUnderstood`` if the response is not an asset, ``Retryable`` if the
    budget or Cloudinary asks to wait.
    """
    now = deps.clock.now()
    deps.breaker.check(now, "admin")
    timeout = time_left(remaining)
    deps.budget.reserve(now, share=share)
    deps.telemetry.count("AdminCalls")
    try:
        body = deps.cloudinary.resource(asset_id, timeout)
    except CredentialsRefused as error:
        trip(deps, now, error)
        raise
    try:
        return parse_resource(body, now, READ)
    except Invalid as error:
        raise NotUnderstood(f"Cloudinary's answer about {asset_id} is not understood: {error}") from error


class Whereabouts:
    """The name to call an asset by: the one in its state (``known``), until a read has shown its name (``found``).

    ``called``: a call was already made.
    """

    def __init__(self, known: AssetRef, *, called: bool = False) -> None:
        self.known, self.asset, self.found, self.called = known, known, False, called

    def follow(self, known: AssetRef) -> bool:
        """Store the name that is now in the state; return whether it is new, so that a read must confirm it."""
        news = known.public_id not in (self.known.public_id, self.asset.public_id)
        self.known = known
        return news

    def move(self, found: AssetRef) -> bool:
        """Store the name that a read shows; return whether it differs from the one used so far."""
        moved = found.public_id != self.asset.public_id
        self.asset, self.found = found, True
        return moved


def change_tags(deps: Dependencies, at: Whereabouts, op: Op, tags: tuple[str, ...], remaining: Remaining) -> None:
    """Add or remove tags of the asset; ``at`` then holds its name, which may have changed.

    A name that changed since the claim, or that another asset has, is looked up before anything is written. A response
    that does not name the asset may mean that nothing changed, that it was renamed or that it is gone: an Admin read
    shows which. Raises ``Missing`` if it is gone.
    """
    stored = deps.store.load(at.asset.asset_id)
    if (stored is not None and at.follow(stored.asset)) or is_ambiguous(deps, at.asset):
        at.move(where_is(deps, at.asset, remaining))
    for _ in range(3):
        now = deps.clock.now()
        deps.breaker.check(now, "upload")
        timeout = time_left(remaining)
        deps.telemetry.count("TagCalls")
        try:
            named = deps.cloudinary.change_tags(at.asset, op, tags, timeout)
        except CredentialsRefused as error:
            trip(deps, now, error)
            raise
        at.called = True
        if named or not at.move(where_is(deps, at.asset, remaining)):
            return
    raise Retryable(f"{at.asset.asset_id} is being renamed again and again")


def is_ambiguous(deps: Dependencies, asset: AssetRef) -> bool:
    """Whether a name must be looked up first: it is incomplete, or another live asset was last known under it."""
    known = asset.public_id and asset.resource_type and asset.type
    return not known or any(other != asset.asset_id for other in deps.store.holders(asset))


def where_is(deps: Dependencies, asset: AssetRef, remaining: Remaining) -> AssetRef:
    """Return the asset with the name that a read shows; raises ``Missing`` if it is gone."""
    found = read_asset(deps, asset.asset_id, remaining).asset
    if found.asset_id != asset.asset_id:
        raise Missing(f"Cloudinary answered for {found.asset_id}")
    return AssetRef(asset.asset_id, found.public_id, found.resource_type, found.type, asset.version)


def time_left(remaining: Remaining) -> float:
    """Return the seconds that a call may take; raises ``Retryable`` if there are none."""
    left = remaining() - SAFETY
    if left <= 0:
        raise Retryable("no time left in this invocation")
    return left


def trip(deps: Dependencies, now: int, error: CredentialsRefused) -> None:
    """Stop the calls of all workers for a while: Cloudinary refused the credentials."""
    deps.breaker.trip(now, str(error))
    deps.telemetry.count("CredentialsRefused")
    deps.telemetry.warn("credentials_refused", fault=str(error))
