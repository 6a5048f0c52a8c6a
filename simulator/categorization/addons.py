"""The account's categorization add-ons: a subscription and the units used of each."""

from typing import Annotated

from msgspec import Meta, Struct

from simulator.categorization.modes import ModeRule, ModeRules
from simulator.core.database import Database, Table
from simulator.core.errors import ApiError
from simulator.core.live_settings import LiveSettings
from simulator.core.providers import PROVIDERS, TITLES


class UnitsUsed(Struct, frozen=True, forbid_unknown_fields=True):
    """A request to set how many units of an add-on count as used."""

    provider: str
    used: Annotated[int, Meta(ge=0)]

    def __post_init__(self) -> None:
        if self.provider not in PROVIDERS:
            raise ValueError(f"unknown provider {self.provider}")


class Addons:
    """The units used of each provider. Modes and settings can end the subscription or exhaust the units."""

    def __init__(self, settings: LiveSettings, modes: ModeRules, database: Database) -> None:
        self._settings = settings
        self._modes = modes
        self._used = Table(database, "addon", int)

    def used(self, provider: str) -> int:
        """Return how many categorizations ``provider`` has run."""
        return self._used.get(provider) or 0

    def set_used(self, provider: str, units: int) -> None:
        """Set how many categorizations ``provider`` has run."""
        self._used.save(provider, units)

    def charge(self, provider: str) -> None:
        """Count one categorization."""
        self.set_used(provider, self.used(provider) + 1)

    def rule_for(self, public_id: str, provider: str) -> ModeRule:
        """Return the rule for one categorization by ``provider``."""
        return self._modes.rule_for(public_id, provider)

    def check(self, provider: str, public_id: str) -> None:
        """Raise ``ApiError`` 403 or 420 if ``provider`` must not run on the asset ``public_id``."""
        mode = self.rule_for(public_id, provider).mode
        if provider not in self._settings.current.addons or mode == "not_subscribed":
            raise ApiError(403, f"You don't have an active subscription for {TITLES[provider]}")
        limit = self._settings.current.addon_limit
        if self.used(provider) >= limit or mode == "quota_exhausted":
            raise ApiError(420, f"{TITLES[provider]} quota exceeded. Limit of {limit} units reached")

    def usage(self) -> dict[str, dict[str, int]]:
        """Return ``usage`` and ``limit`` of each subscribed provider, as the usage call answers them."""
        usage: dict[str, dict[str, int]] = {}
        limit = self._settings.current.addon_limit
        for provider in self._settings.current.addons:
            mode = self._modes.rule_for_all(provider).mode
            if mode != "not_subscribed":
                used = limit if mode == "quota_exhausted" else self.used(provider)
                usage[provider] = {"usage": used, "limit": limit}
        return usage

    def listed(self) -> dict[str, int]:
        """Return the units used of every provider that the simulator knows."""
        return {provider: self.used(provider) for provider in PROVIDERS}

    def clear(self) -> None:
        """Reset all counts to 0."""
        self._used.clear()
