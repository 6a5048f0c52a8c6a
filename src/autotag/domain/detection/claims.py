"""The claim on one call of DetectLabels for one version of an asset: wanted, claimed, given back, ended.

A call costs money and has no token that makes it safe to repeat. So the claim is stored before the call, and before a
unit of the day's budget is taken (``make model`` has both orders): a duplicate meets the claim, and takes nothing.
"""

from msgspec.structs import replace

from autotag.domain.decisions.evaluate import skipped_by
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.audit import Trigger
from autotag.domain.model.labels import REKOGNITION, Categorization
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import AssetState, Detection

LEASE = 90_000
"""Milliseconds until a claim falls due: longer than a worker lives, which is a minute."""

MOST_ATTEMPTS = 2
"""Calls that may be paid for one version: one, and one more if an answer was lost."""

_BY_MESSAGE = 5
"""How often a claim is given back together with its message; then it waits in the due index."""

_LONGEST_WAIT = 300
"""Seconds to which the wait doubles, from one."""

_TYPES = frozenset({"upload", "private", "authenticated"})

NO_IMAGE = "rekognition looks at images alone"
"""Why an asset of another kind is skipped."""

TWICE = "two calls may have been made, and no answer could be stored"
"""The error of a version whose two claims led to nothing."""


def can_be_asked(asset: AssetRef) -> bool:
    """Return whether Rekognition looks at assets of this kind: images that Cloudinary stores itself."""
    return asset.resource_type == "image" and asset.type in _TYPES


def is_wanted(state: AssetState, before: AssetState | None, ruleset: Ruleset, *, again: bool) -> bool:
    """Return whether Rekognition is to be asked about ``state``, which an observation has made of ``before``.

    Only where the rules name it and none of them skips the asset, and this version has neither labels of it nor a
    claim. The version must be new here, unless ``again``: then a failure that is not final counts as no labels, too.
    """
    known = state.categorizations.get(REKOGNITION)
    if known is not None and not (again and known.status == "failed" and not known.final):
        return False
    if REKOGNITION not in ruleset.providers or not can_be_asked(state.asset):
        return False
    is_new = before is None or before.facts is None or before.asset.version < state.asset.version
    if state.facts is None or not (is_new or again):
        return False
    return not skipped_by(state.facts, state.asset.resource_type, state.managed_tags, ruleset)


def wanted(state: AssetState, trigger: Trigger, now: int) -> AssetState:
    """Return ``state`` with the wish to ask Rekognition, in the due index if no message comes first.

    Whatever comes of it is decided on, even if it is what was decided on before: the asset waits from here on.
    """
    failed = state.categorizations.get(REKOGNITION)
    found = {**state.categorizations, REKOGNITION: Categorization("pending", observed_at=now)}
    claim = Detection(trigger, now + LEASE, attempts=failed.asked if failed is not None else 0)
    return replace(state, categorizations=found, detect=claim, decided="")


def unwanted(state: AssetState) -> AssetState:
    """Return ``state`` without an open claim, and without the wait for its labels."""
    found = state.categorizations
    if (known := found.get(REKOGNITION)) is not None and known.status == "pending":
        found = {provider: result for provider, result in found.items() if provider != REKOGNITION}
    return replace(state, categorizations=found, detect=None)


def is_free(claim: Detection, now: int) -> bool:
    """Return whether a worker may take the claim at ``now`` (ms): nobody has it, or its owner is dead."""
    return claim.due_at <= now or (not claim.owner and claim.not_before <= now)


def claimed(state: AssetState, claim: Detection, owner: str, now: int) -> AssetState:
    """Return ``state`` with the claim taken by ``owner``, who may make one call."""
    taken = replace(claim, owner=owner, attempts=claim.attempts + 1, due_at=now + LEASE, not_before=0)
    return replace(state, detect=taken)


def wait_of(claim: Detection) -> float:
    """Return the seconds until a claim that was given back may be taken again: one, doubling to five minutes."""
    return float(min(_LONGEST_WAIT, 2 ** min(claim.waits, 10)))


def least_hidden(wait: float) -> float:
    """Return the seconds after which a message that is to come again after ``wait`` may be there.

    Jitter takes up to half of it, and it is rounded. A message that met a claim before its time would end there.
    """
    return max(0.0, wait / 2 - 0.5)


def goes_with_message(claim: Detection) -> bool:
    """Return whether the message behind a claim returns to its queue: not after many tries, since those are counted."""
    return claim.waits < _BY_MESSAGE


def given_back(claim: Detection, until: int, *, paid: bool, with_message: bool) -> Detection:
    """Return the claim, free again from ``until`` on (ms). ``paid``: the call may have been made, so that it counts.

    ``with_message``: its message returns then; the due index is only for the case that it is lost.
    """
    due_at = until + LEASE if with_message else until
    attempts = claim.attempts if paid else claim.attempts - 1
    return replace(claim, owner="", attempts=attempts, waits=claim.waits + 1, not_before=until, due_at=due_at)


def is_own(state: AssetState | None, owner: str, version: int) -> bool:
    """Return whether ``owner`` still has the claim of that version in the stored ``state``."""
    return (
        state is not None
        and state.detect is not None
        and state.detect.owner == owner
        and state.asset.version == version
    )


def ended(state: AssetState, found: Categorization) -> AssetState:
    """Return ``state`` with Rekognition's answer, or its failure, in place of the claim."""
    return replace(state, categorizations={**state.categorizations, REKOGNITION: found}, detect=None)
