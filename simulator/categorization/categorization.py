"""The simulated add-ons: they run at once or later, as the modes say, and turn confident labels into tags."""

import time

from msgspec import Struct
from msgspec.structs import replace

from simulator.assets.assets import Asset, AssetStore, Categorization
from simulator.assets.labels import labels_of
from simulator.assets.media import BROKEN
from simulator.assets.tags import MAX_TAGS
from simulator.categorization.addons import Addons
from simulator.categorization.modes import ModeRule
from simulator.categorization.pending import PendingCategorization, PendingCategorizations
from simulator.core.background import Background
from simulator.core.errors import ApiError
from simulator.core.live_settings import LiveSettings
from simulator.core.params import Params
from simulator.core.providers import PROVIDERS, RESOURCE_TYPES, TITLES
from simulator.notifications.destinations import Cause
from simulator.notifications.notifications import Notifier

_UNREADABLE = "Request has invalid image format"
"""The text of Rekognition's ``InvalidImageFormatException``. Not known: which text Cloudinary gives."""
PENDING = Categorization("pending")
"""The result of a categorization that has not completed yet."""


class CategorizationRequest(Struct, frozen=True):
    """The providers that a call requests, and the threshold (0 to 1) at which labels become tags."""

    providers: tuple[str, ...] = ()
    auto_tagging: float | None = None


class Categorizer:
    """The add-ons of the account: they run on stored assets, and their results are saved."""

    def __init__(
        self,
        store: AssetStore,
        addons: Addons,
        pending: PendingCategorizations,
        settings: LiveSettings,
        background: Background,
        notifier: Notifier,
    ) -> None:
        self._store = store
        self._addons = addons
        self._pending = pending
        self._settings = settings
        self._background = background
        self._notifier = notifier

    def parse_request(self, params: Params, asset: Asset, *, update: bool = False) -> CategorizationRequest:
        """Parse and check a call's ``categorization`` and ``auto_tagging``. Raises ``ApiError``.

        ``asset`` is the asset of the call; auto_tagging may use labels that it already has.
        """
        names = params.names("categorization")
        if update and len(names) > 1:  # the update call takes one provider
            raise ApiError(400, f"Illegal value {','.join(names)} for parameter categorization")
        for name in names:
            if name not in PROVIDERS:
                illegal = f"Illegal value {name} for parameter categorization"
                raise ApiError(400, illegal if update else f"Categorization item {name} is not valid")
            if self._looks_at(name, asset):
                self._addons.check(name, asset.public_id)
        threshold = _threshold(params.text("auto_tagging"))
        if threshold is not None and not names and not asset.categorization:
            raise ApiError(400, "Must use a categorization add-on together with auto_tagging")
        return CategorizationRequest(tuple(dict.fromkeys(names)), threshold)

    def run(self, asset: Asset, request: CategorizationRequest, cause: Cause) -> Asset:
        """Run the add-ons on ``asset``, save it with the results that are available at once, and return it.

        An add-on for another resource type does nothing: no result, no tags, no charge.
        """
        results = dict(asset.categorization)
        for provider in request.providers:
            if not self._looks_at(provider, asset):
                continue
            rule = self._addons.rule_for(asset.public_id, provider)
            if rule.mode == "none":
                continue
            self._addons.charge(provider)
            if rule.mode in ("info", "poll") or rule.seconds:
                results[provider] = PENDING
                due_at = time.time() + rule.seconds
                self._begin(
                    PendingCategorization(
                        asset.asset_id, asset.version, provider, rule, request.auto_tagging, cause, due_at
                    )
                )
            else:
                results[provider] = self._result(asset, provider, rule)
        return self._store.save(self.with_auto_tags(replace(asset, categorization=results), request.auto_tagging))

    def with_auto_tags(self, asset: Asset, threshold: float | None) -> Asset:
        """Return ``asset`` with the confident labels of all stored results as tags, as a captured ``update`` did."""
        if threshold is None:
            return asset
        names = [
            label.tag.lower() if self._settings.current.auto_tagging_case == "lower" else label.tag
            for result in asset.categorization.values()
            for label in result.labels
            if label.confidence >= threshold
        ]
        return replace(asset, tags=tuple(dict.fromkeys([*asset.tags, *names]))[:MAX_TAGS])

    def resume(self) -> None:
        """Resume the categorizations that an earlier process began; overdue ones complete at once."""
        for pending in self._pending.all():
            self._begin(pending)

    def _begin(self, pending: PendingCategorization) -> None:
        def complete() -> None:
            self._complete(pending)
            self._pending.remove(pending)

        self._pending.add(pending)
        self._background.call_later(max(0.0, pending.due_at - time.time()), complete)

    def _complete(self, pending: PendingCategorization) -> None:
        asset = self._store.by_id(pending.asset_id)
        if asset is None or asset.version != pending.version:
            return  # deleted or overwritten meanwhile: the result would be that of another file
        results = asset.categorization | {pending.provider: self._result(asset, pending.provider, pending.rule)}
        saved = self._store.save(self.with_auto_tags(replace(asset, categorization=results), pending.auto_tagging))
        if pending.rule.mode != "poll":
            self._notifier.categorized(saved, pending.provider, pending.cause)

    def _looks_at(self, provider: str, asset: Asset) -> bool:
        """Return whether ``provider`` is for assets of this type. Raises ``ApiError`` 400 if the settings say so."""
        if RESOURCE_TYPES[provider] == asset.resource_type:
            return True
        if self._settings.current.addon_on_other_kinds == "refuse":
            raise ApiError(400, f"{TITLES[provider]} does not support resource type {asset.resource_type}")
        return False

    def _result(self, asset: Asset, provider: str, rule: ModeRule) -> Categorization:
        if rule.mode == "failed":
            return Categorization("failed", error=rule.message)
        known = asset.content in ("", *self._settings.current.rekognition_formats)
        if asset.content == BROKEN or (provider == "aws_rek_tagging" and not known):
            return Categorization("failed", error=_UNREADABLE)
        return Categorization("complete", labels_of(asset, provider))


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
