"""Execution of the intents of several assets: one call for all with the same change, the other steps for each.

Each asset has an intent, an audit and a final write of its own, as if it were alone. A process that dies in between
leaves intents that come due, and the poller finishes each.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from autotag.domain.errors import CredentialsRefused, Missing, Permanent, Retryable
from autotag.domain.state import complete as finish
from autotag.domain.state.asset_state import AssetState, Op
from autotag.service.context import Dependencies, Remaining
from autotag.service.runs.known_states import known_states
from autotag.service.tagging.cloudinary_calls import is_ambiguous, time_left, trip
from autotag.service.tagging.decide import follow_up
from autotag.service.tagging.execute import execute_intent, record_batch, reschedule

AT_ONCE = 1000
"""Assets in one call; Cloudinary accepts no more."""

Ops = dict[Op, tuple[str, ...]]
_Alike = tuple[str, str, tuple[tuple[Op, tuple[str, ...]], ...]]


def calls_for(states: Iterable[AssetState]) -> int:
    """Return how many calls the intents of ``states`` take, if each call succeeds."""
    return sum(len(ops) * -(-len(alike) // AT_ONCE) for (_, _, ops), alike in _grouped(states).items())


def by_calls(states: Iterable[AssetState]) -> list[list[AssetState]]:
    """Return ``states`` whose intents make calls, those with the same calls together, the most first."""
    return sorted((alike for (_, _, ops), alike in _grouped(states).items() if ops), key=len, reverse=True)


def execute_batch(
    deps: Dependencies, states: Iterable[AssetState], remaining: Remaining
) -> tuple[list[AssetState], int]:
    """Finish the intents of ``states``, which this owner has just stored.

    Return those that are finished, and how many more calls were made than ``calls_for`` says. If Cloudinary does not
    answer, the intents wait for the poller, like any other.
    """
    finished, alone = [], 0
    for (resource_type, type_, ops), alike in _grouped(states).items():
        for start in range(0, len(alike), AT_ONCE):
            some = alike[start : start + AT_ONCE]
            try:
                named = _call(deps, resource_type, type_, dict(ops), some, remaining)
            except Retryable as error:
                for state in some:
                    reschedule(deps, state, error)
                continue
            finals = record_batch(
                deps, [state for state in some if state.asset.public_id in named], dict(ops), remaining
            )
            for state in some:
                if state.asset.public_id not in named:  # alone: it may be unchanged, renamed, gone or refused
                    finals.append(execute_intent(deps, state, remaining))
                    alone += len(ops)
            for final in finals:
                follow_up(deps, final, remaining)
                finished += [final] if final is not None else []
    return finished, alone


def _grouped(states: Iterable[AssetState]) -> dict[_Alike, list[AssetState]]:
    groups: dict[_Alike, list[AssetState]] = defaultdict(list)
    for state in states:
        if state.intent is not None:
            ops = tuple((op, tuple(sorted(tags))) for op, tags in finish.tag_calls(state, state.intent).items())
            groups[state.asset.resource_type, state.asset.type, ops].append(state)
    return groups


def _call(
    deps: Dependencies, resource_type: str, type_: str, ops: Ops, states: list[AssetState], remaining: Remaining
) -> frozenset[str]:
    """Make the calls; return the public_ids that every response names. Raises ``Retryable``."""
    names = Counter(state.asset.public_id for state in states)
    now_known = known_states(deps.store, deps.telemetry, [state.asset.asset_id for state in states])
    # a name that changed since the claim, or that another asset has too, is used only after a read confirms it
    sure = (
        state.asset.public_id
        for state in states
        if (known := now_known.get(state.asset.asset_id)) is not None
        and known.asset.public_id == state.asset.public_id
        and not is_ambiguous(deps, state.asset)
    )
    named = frozenset(name for name in sure if names[name] == 1)
    for op, tags in ops.items():
        if not named:
            break
        now = deps.clock.now()
        deps.breaker.check(now, "upload")
        ids = tuple(sorted(named))
        time_left(remaining)  # raises where no time is left, so that only calls that are made are counted
        deps.telemetry.count("TagCalls")
        try:
            named &= deps.cloudinary.change_tags_of(resource_type, type_, ids, op, tags, time_left(remaining))
        except CredentialsRefused as error:
            trip(deps, now, error)
            raise
        except (Permanent, Missing) as error:  # one asset may be the cause: each is called alone
            deps.telemetry.warn("batch_incomplete", assets=len(ids), fault=str(error))
            return frozenset()
    return named
