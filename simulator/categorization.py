"""Runs the simulated add-ons: at once or later, as the modes say, and turns confident labels into tags."""

from collections import Counter

from msgspec import Struct
from msgspec.structs import replace

from simulator.assets import Asset, AssetStore, Categorization
from simulator.background import Background
from simulator.errors import ApiError
from simulator.labels import labels_of
from simulator.live import Live
from simulator.modes import ModeBook, ModeRule
from simulator.notifications import Cause, Notifier
from simulator.params import Params
from simulator.providers import PROVIDERS, TITLES
from simulator.tags import MAX_TAGS

_PENDING = Categorization("pending")


class Wanted(Struct, frozen=True):
    """What a call asks for: providers to run, and the threshold 0 to 1 at which labels become tags."""

    providers: tuple[str, ...] = ()
    auto_tagging: float | None = None


class Categorizer:
    """Runs add-ons on stored assets and saves their results."""

    def __init__(
        self, store: AssetStore, modes: ModeBook, live: Live, background: Background, notifier: Notifier
    ) -> None:
        self._store = store
        self._modes = modes
        self._live = live
        self._background = background
        self._notifier = notifier
        self.used: Counter[str] = Counter()

    def parse(self, params: Params, stored: Asset | None = None, *, update: bool = False) -> Wanted:
        """Read and check a call's ``categorization`` and ``auto_tagging``; raises ``ApiError``.

        ``stored`` is the asset that the call is about, whose earlier labels auto_tagging may use too.
        """
        names = params.names("categorization")
        if update and len(names) > 1:  # the update call takes one provider
            raise ApiError(400, f"Illegal value {','.join(names)} for parameter categorization")
        for name in names:
            if name not in PROVIDERS:
                illegal = f"Illegal value {name} for parameter categorization"
                raise ApiError(400, illegal if update else f"Categorization item {name} is not valid")
            if name not in self._live.settings.addons:
                raise ApiError(403, f"You don't have an active subscription for {TITLES[name]}")
            limit = self._live.settings.addon_limit
            if self.used[name] >= limit:
                raise ApiError(420, f"{TITLES[name]} quota exceeded. Limit of {limit} units reached")
        threshold = _threshold(params.text("auto_tagging"))
        if threshold is not None and not names and not (stored and stored.categorization):
            raise ApiError(400, "Must use a categorization add-on together with auto_tagging")
        return Wanted(tuple(dict.fromkeys(names)), threshold)

    def run(self, asset: Asset, wanted: Wanted, cause: Cause) -> Asset:
        """Run the add-ons on ``asset``, save it with what is known at once, and return it."""
        found = dict(asset.categorization)
        for provider in wanted.providers:
            rule = self._modes.rule_for(asset.public_id, provider)
            if rule.mode == "none":
                continue
            self.used[provider] += 1
            if rule.mode in ("info", "poll") or rule.seconds:
                found[provider] = _PENDING
                self._schedule(asset, provider, rule, wanted.auto_tagging, cause)
            else:
                found[provider] = self._result(asset, provider, rule)
        return self._store.save(self._tagged(replace(asset, categorization=found), wanted.auto_tagging))

    def _schedule(self, asset: Asset, provider: str, rule: ModeRule, auto_tagging: float | None, cause: Cause) -> None:
        def finish() -> None:
            now = self._store.by_id(asset.asset_id)
            if now is None or now.version != asset.version:
                return  # deleted or overwritten meanwhile: the result would be of another file
            found = now.categorization | {provider: self._result(now, provider, rule)}
            saved = self._store.save(self._tagged(replace(now, categorization=found), auto_tagging))
            if rule.mode != "poll":
                self._notifier.categorized(saved, provider, cause)

        self._background.later(rule.seconds, finish)

    def _result(self, asset: Asset, provider: str, rule: ModeRule) -> Categorization:
        if rule.mode == "failed":
            return Categorization("failed", error=rule.message)
        return Categorization("complete", labels_of(asset, provider))

    def _tagged(self, asset: Asset, threshold: float | None) -> Asset:
        """Add the confident labels of all stored results to the tags, as a captured ``update`` did."""
        if threshold is None:
            return asset
        names = [
            label.tag.lower() if self._live.settings.lower_case else label.tag
            for result in asset.categorization.values()
            for label in result.labels
            if label.confidence >= threshold
        ]
        return replace(asset, tags=tuple(dict.fromkeys([*asset.tags, *names]))[:MAX_TAGS])


def _threshold(text: str) -> float | None:
    if not text:
        return None
    try:
        threshold = float(text)
    except ValueError:
        threshold = -1.0
    if not 0 <= threshold <= 1:
        raise ApiError(400, f"Invalid auto_tagging value {text} - must be between 0.0 and 1.0")
    return threshold
