"""Calls to Cloudinary, kept within the Admin budget, within the time that is left, and stopped while it refuses us."""

from autotag.domain.asset import AssetRef
from autotag.domain.errors import CredentialsRefused, Invalid, Missing, Retryable
from autotag.domain.message import Labelled, Source
from autotag.domain.notification import parse_resource
from autotag.domain.state import Op
from autotag.service.world import SAFETY, Remaining, World


def read_asset(world: World, asset_id: str, source: Source, remaining: Remaining, *, spare: bool = False) -> Labelled:
    """Read an asset from the Admin API; what it says was observed when the read began.

    ``spare``: only out of the part of the budget that live work is not likely to need.

    Raises ``Missing`` where it does not exist, ``Retryable`` where the budget or Cloudinary says later.
    """
    now = world.clock.now()
    world.breaker.check(now)
    timeout = time_left(remaining)
    world.budget.reserve(now, spare=spare)
    try:
        body = world.cloudinary.resource(asset_id, timeout)
    except CredentialsRefused as error:
        trip(world, now, error)
        raise
    try:
        return parse_resource(body, now, source)
    except Invalid as error:
        raise Retryable(f"Cloudinary's answer about {asset_id} is not understood: {error}") from error


def change_tags(world: World, asset: AssetRef, op: Op, tags: tuple[str, ...], remaining: Remaining) -> AssetRef:
    """Add or remove tags; return the asset as it is now known, since its public_id may have changed.

    An answer that does not name the asset may mean that nothing changed, that it was renamed or that it is gone:
    an Admin read tells. Raises ``Missing`` where it is gone.
    """
    if is_ambiguous(world, asset):
        asset = _where_is(world, asset, remaining)
    for _ in range(3):
        now = world.clock.now()
        world.breaker.check(now)
        try:
            named = world.cloudinary.change_tags(asset, op, tags, time_left(remaining))
        except CredentialsRefused as error:
            trip(world, now, error)
            raise
        if named:
            return asset
        found = _where_is(world, asset, remaining)
        if found.public_id == asset.public_id:
            return asset
        asset = found
    raise Retryable(f"{asset.asset_id} is being renamed again and again")


def is_ambiguous(world: World, asset: AssetRef) -> bool:
    """Whether a name must be looked up first: it is not known whole, or another live asset was last known under it."""
    known = asset.public_id and asset.resource_type and asset.type
    return not known or any(other != asset.asset_id for other in world.store.holders(asset))


def _where_is(world: World, asset: AssetRef, remaining: Remaining) -> AssetRef:
    found = read_asset(world, asset.asset_id, Source("resource", ""), remaining).asset
    if found.asset_id != asset.asset_id:
        raise Missing(f"Cloudinary answered for {found.asset_id}")
    return AssetRef(asset.asset_id, found.public_id, found.resource_type, found.type, asset.version)


def time_left(remaining: Remaining) -> float:
    """Return the seconds that a call may take; raises ``Retryable`` where there are none."""
    left = remaining() - SAFETY
    if left <= 0:
        raise Retryable("no time left in this invocation")
    return left


def trip(world: World, now: int, error: CredentialsRefused) -> None:
    """Let every caller stop for a while, since Cloudinary refused the credentials."""
    world.breaker.trip(now, str(error))
    world.telemetry.count("CredentialsRefused")
    world.telemetry.warn("credentials_refused", fault=str(error))
