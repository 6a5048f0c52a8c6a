"""The active rules: the last pushed ones if they can be read, else the last good ones, else the deployed ones."""

from threading import Lock

from autotag.domain.errors import Invalid, Retryable
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.rules.versions import Published, StoredVersion, ruleset_of
from autotag.ports.rules import RuleStore
from autotag.ports.runtime import Clock, Telemetry

LIFE = 30
"""Seconds after which a worker checks again which rules are active."""

_KEPT = 2
"""Versions before the active one that are kept in memory: assets whose rules were replaced are mostly of the last."""


class StoredRules:
    """Implements the ``RulesSource`` port over the stored and the deployed rules. Threads share it.

    A version that does not load or validate is refused and counted. Then the rules in memory stay; a cold start uses
    the version that a worker has last loaded, or else the deployed file. With ``read_only``, neither the last good
    version nor the text of the deployed rules is stored: a worker does that, and some functions may only read.
    """

    def __init__(self, rule_store: RuleStore, clock: Clock, telemetry: Telemetry, *, read_only: bool = False) -> None:
        self._rule_store, self._clock, self._telemetry, self._read_only = rule_store, clock, telemetry, read_only
        self._known: ActiveRules | None = None
        self._older: dict[str, Ruleset | None] = {}
        self._looked_at = self._failed_at = 0
        self._looking = Lock()

    def active(self, *, at_least: int = 0) -> ActiveRules:
        """Return the rules and their number; they are read every half minute, or if ``at_least`` is higher."""
        now = self._clock.now()
        if (fresh := self._fresh(now, at_least)) is not None:
            return fresh
        with self._looking:
            if (fresh := self._fresh(now, at_least)) is not None:
                return fresh  # another thread has looked meanwhile
            known = self._known
            if known is None and self._failed_at > now:  # one after another, threads would wait for too long
                raise Retryable("no rules could be read")
            try:
                known = self._look(known)
            except Retryable as error:
                self._failed_at = self._clock.now()
                if known is None:
                    raise
                self._telemetry.warn("rules_unavailable", fault=str(error))
            self._known, self._looked_at = known, now
            return known

    def of_version(self, version: str) -> Ruleset | None:
        """Return the rules of ``version``, or None if they cannot be read now, or any more. The last few are kept."""
        known = self._known
        if known is not None and known.ruleset.version == version:
            return known.ruleset
        older = self._older  # another thread may put others in its place
        if version not in older:
            try:
                found = self._load(version)
            except Retryable as error:
                self._telemetry.warn("rules_unavailable", version=version, fault=str(error))
                return None
            except Invalid as error:
                self._telemetry.warn("old_rules_unreadable", version=version, fault=str(error))
                found = None
            older = self._older = {**dict(list(self._older.items())[1 - _KEPT :]), version: found}
        return older[version]

    def _fresh(self, now: int, at_least: int) -> ActiveRules | None:
        """Return the rules in memory, unless it is time to look at the stored ones."""
        known, is_recent = self._known, abs(now - self._looked_at) < LIFE * 1000
        return known if known is not None and is_recent and known.seq >= at_least else None

    def _look(self, known: ActiveRules | None) -> ActiveRules:
        try:
            published = self._rule_store.publication.current()
        except Invalid as error:
            self._refuse(error)
            return known or self._fall_back()
        if published is None:
            return known or self._fall_back()
        if known is None or (known.ruleset.version, known.seq) != (published.hash, published.seq):
            try:
                found = ActiveRules(self._load(published.hash), published.seq)
            except Invalid as error:
                self._refuse(error, version=published.hash, seq=published.seq)
                return self._last_good(published, known)
            self._telemetry.info("rules_activated", rules=found.ruleset.name, version=published.hash, seq=published.seq)
            known = found
        is_marked = (published.last_good_hash, published.last_good_seq) == (published.hash, published.seq)
        if not is_marked and not self._read_only:
            self._mark_good(published)
        return known

    def _last_good(self, published: Published, known: ActiveRules | None) -> ActiveRules:
        if published.last_good_seq > (known.seq if known else 0):
            try:
                return ActiveRules(self._load(published.last_good_hash), published.last_good_seq)
            except Invalid as error:
                self._telemetry.warn("last_good_rules_refused", fault=str(error))
        return known or self._fall_back()

    def _load(self, version: str) -> Ruleset:
        return ruleset_of(version, self._rule_store.versions.stored_rules(version))

    def _fall_back(self) -> ActiveRules:
        """Return the deployed rules, and store their text once, for replays."""
        try:
            ruleset = self._rule_store.deployed.ruleset
        except Invalid as error:
            self._refuse(error)
            raise Retryable(f"no rules can be read: {error}", delay=300) from error
        if not self._read_only:
            self._rule_store.versions.remember_rules(ruleset.version, StoredVersion(self._rule_store.deployed.text))
        return ActiveRules(ruleset, 0)

    def _mark_good(self, published: Published) -> None:
        try:
            self._rule_store.publication.mark_good(published.hash, published.seq)
        except Retryable as error:  # the next read tries again
            self._telemetry.warn("last_good_rules_not_stored", fault=str(error))

    def _refuse(self, error: Invalid, **fields: object) -> None:
        self._telemetry.count("RulesInvalid")
        self._telemetry.warn("rules_refused", fault=str(error), **fields)
