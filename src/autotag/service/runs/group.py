"""A group of assets of a run: the change of each is computed again, and one call is made for all with the same."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from msgspec.structs import replace

from autotag.domain.errors import CredentialsRefused, Retryable, TooLarge, Unavailable
from autotag.domain.model.messages import ProcessRunGroup
from autotag.domain.rules.compiled.ruleset import ActiveRules
from autotag.domain.runs.asset_change import change_by, claimed_by, is_stale
from autotag.domain.runs.progress import CHANGES, GROUP, Counts
from autotag.domain.runs.run import Run
from autotag.domain.state.asset_state import AssetState
from autotag.service.context import CLAIM_SECONDS, Dependencies, Remaining, rules_since
from autotag.service.runs.batch_execute import by_calls, calls_for, execute_batch
from autotag.service.runs.ending import end_if_through
from autotag.service.runs.history import audits_of
from autotag.service.runs.known_states import known_states
from autotag.service.runs.refresh import refreshed
from autotag.service.tagging.decide import finish_abandoned

_PAUSE = 300
"""Seconds that a run waits if its reads must wait, and nothing says for how long."""

_OUTAGE_PAUSE = 60
"""Seconds that a run waits while Cloudinary does not answer."""

_MANY = 50
"""Group size from which one asset goes first, to test whether Cloudinary answers: that costs little beside so many."""

_FEW = GROUP // CHANGES
"""Assets with the same change that go first together, so that their calls are not made twice.

A group of as many different changes as there may be has some that no more assets share.
"""

Drafts = list[tuple[AssetState, AssetState]]
"""Claims that are still to be stored, each with the state that it replaces."""


def process_group(deps: Dependencies, message: ProcessRunGroup, remaining: Remaining) -> None:
    """Carry out a group, unless its run was stopped. Assets that no longer need the change are left as they are.

    Assets that another process is at work on, or that there is no time for, are missed: the run then makes another
    pass over everything.
    """
    run = deps.runs.load(message.run)
    if run is None or run.status != "running" or message.group not in run.groups:
        deps.telemetry.count("Dropped")
        return
    rules = rules_since(deps.rules, run.rules_seq, f"run {run.id} is")
    try:
        deps.breaker.check(deps.clock.now(), "upload")
    except (CredentialsRefused, Unavailable) as error:
        _defer(deps, run, error)  # planning on would only have more assets missed
        _handled(deps, message, Counts(missed=len(message.asset_ids)))
        return
    drafts, before = _drafts(deps, run, message, rules, remaining)
    sets, beyond = _in_order(drafts)
    paid, why = _paid(deps, run, sets)
    if paid or not why:
        counts = _one_after_another(deps, sets[:paid], remaining)
        left = sum(map(len, sets[paid:])) + len(beyond)
        _handled(deps, message, counts.plus(before).plus(Counts(missed=left)))
    if why and deps.runs.stop(run.id, "paused", why, deps.clock.now()):
        deps.telemetry.info("run_paused", run=run.id, why=why)


def _handled(deps: Dependencies, message: ProcessRunGroup, counts: Counts) -> None:
    if counts.calls:  # beside those that were taken out of what the run may make
        deps.runs.count(message.run, Counts(calls=counts.calls))
    if deps.runs.handled(message.run, message.group, replace(counts, calls=0)):
        end_if_through(deps.runs, message.run, deps.clock.now())


def _defer(deps: Dependencies, run: Run, error: Retryable) -> None:
    """Have planning wait until Cloudinary may answer again."""
    deps.telemetry.info("run_deferred", run=run.id, why=str(error))
    pause = _OUTAGE_PAUSE if isinstance(error, Unavailable) else _PAUSE
    deps.runs.postpone(run.id, deps.clock.now() + round((error.delay or pause) * 1000))


def _in_order(drafts: Drafts) -> tuple[list[Drafts], Drafts]:
    """Return sets of ``drafts`` that are carried out one after another, and those whose calls would be too many.

    An outage must not turn a whole group into intents that the poller then has finished one by one. Under newer rules
    than those of the plan, a group may need more different changes than were planned.
    """
    expected = {draft.asset.asset_id: (draft, before) for draft, before in drafts}

    def drafts_of(states: Iterable[AssetState]) -> Drafts:
        return [expected.pop(state.asset.asset_id) for state in states]

    sets = by_calls(draft for draft, _ in drafts)
    calls = list(accumulate(calls_for(alike) for alike in sets))
    within = [drafts_of(alike) for alike, made in zip(sets, calls, strict=True) if made <= 2 * CHANGES]
    beyond = [draft for alike in sets[len(within) :] for draft in drafts_of(alike)]
    if len(drafts) >= _MANY and within:
        tried = within.pop()
        within = [tried, *within] if len(tried) <= _FEW else [tried[:1], tried[1:], *within]
    return [*within, list(expected.values())] if expected else within, beyond


def _paid(deps: Dependencies, run: Run, sets: list[Drafts]) -> tuple[int, str]:
    """Take the calls of ``sets`` out of what the run may make; return of how many, and why the run pauses, or ""."""
    calls = list(accumulate((calls_for(draft for draft, _ in some) for some in sets), initial=0))
    if not calls[-1] or deps.runs.spend(run, calls[-1]):
        return len(sets), ""
    left = max(0, run.max_calls - run.counts.calls)
    paid = bisect_right(calls, left) - 1
    if calls[paid] and not deps.runs.spend(run, calls[paid]):
        paid = 0
    rest = left - calls[paid]
    if not rest:
        return paid, f"all of its {run.max_calls} calls are made"
    needed = calls[paid + 1] - calls[paid]
    return paid, f"{rest} of its {run.max_calls} calls are left, and the next change takes {needed}"


def _one_after_another(deps: Dependencies, sets: list[Drafts], remaining: Remaining) -> Counts:
    """Carry out sets whose calls were paid, as long as Cloudinary answers and there is time; give back the others'."""
    counts, answered = Counts(), True
    for some in sets:
        if answered and remaining() >= CLAIM_SECONDS:
            done, answered = _claim_and_carry(deps, some, remaining)
            counts = counts.plus(done)
        else:
            counts = counts.plus(Counts(missed=len(some), calls=-calls_for(draft for draft, _ in some)))
    return counts


def _claim_and_carry(deps: Dependencies, drafts: Drafts, remaining: Remaining) -> tuple[Counts, bool]:
    """Store the claims and carry them out together; return the counts, and whether Cloudinary answered."""
    owned: list[AssetState] = []
    too_large = missed = noted = 0
    for draft, expected in drafts:
        if remaining() < CLAIM_SECONDS:
            missed += 1
            continue
        try:
            stored = deps.store.put(draft, expected=expected)
        except TooLarge as error:
            deps.telemetry.warn("item_too_large", asset_id=draft.asset.asset_id, fault=str(error))
            too_large += 1
            continue
        owned += [stored] if stored is not None and stored.intent is not None else []
        noted += stored is not None and stored.intent is None
        missed += stored is None
    finished, alone = execute_batch(deps, owned, remaining)
    refused = sum(final.status in ("failed", "gone") for final in finished)
    counts = Counts(
        done=noted + len(owned) - refused,
        failed=too_large + refused,
        calls=alone,
        missed=missed,
        gone=sum(final.status == "gone" for final in finished),
        too_large=too_large,
    )
    return counts, len(finished) == len(owned)


def _drafts(
    deps: Dependencies, run: Run, message: ProcessRunGroup, rules: ActiveRules, remaining: Remaining
) -> tuple[Drafts, Counts]:
    """Return the claims to store, each with the state that it replaces, and the counts of the other assets."""
    drafts: Drafts = []
    missed = reads = 0
    known = known_states(deps.store, deps.telemetry, message.asset_ids)
    later: Retryable | None = None
    for asset_id in message.asset_ids:
        state = _idle(deps, known.get(asset_id), remaining)
        if state is not None and is_stale(run, state) and state.intent is None:
            if later is not None or remaining() < CLAIM_SECONDS:
                missed += 1
                continue
            try:
                state = refreshed(deps, run, state, remaining)
                reads += 1
            except Retryable as error:
                later = error
                missed += 1
                continue
        if state is None:
            continue
        if state.intent is not None or rules.seq < state.rules_seq:
            missed += 1
        elif not is_stale(run, state):
            change = change_by(run, state, rules.ruleset, audits_of(deps.audits, asset_id))
            if change is not None:
                drafts.append((claimed_by(run, change, rules, deps.new_lease(remaining)), state))
    if later is not None:
        _defer(deps, run, later)
    return drafts, Counts(missed=missed, reads=reads)


def _idle(deps: Dependencies, state: AssetState | None, remaining: Remaining) -> AssetState | None:
    """Return the state of an asset; an intent that was left behind is finished first."""
    if state is None or state.intent is None or state.intent.due_at > deps.clock.now():
        return state
    finish_abandoned(deps, state, remaining)
    return deps.store.load(state.asset.asset_id)
