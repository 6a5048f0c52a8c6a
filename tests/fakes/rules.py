"""Rules in memory: active ones, published versions, the deployed file."""

from collections.abc import Callable

from msgspec.structs import replace

from autotag.domain.rules.checks.categories import NO_SETS, CategorySets
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.versions import Published, StoredVersion
from autotag.ports.rules import RuleStore
from tests.fakes.runtime import START

RULES = '[defaults]\nthreshold = 0.7\n[[when]]\nname = "zoo"\nfolder = "zoo/**"\nset = { threshold = 0.9 }\n'


class FixedRules:
    """Rules that a test may swap; ``newer`` are known once somebody asks for later ones than those.

    ``versions`` are those that can be read, the earlier ones among them.
    """

    def __init__(self, text: str = RULES) -> None:
        self.newer: ActiveRules | None = None
        self.versions: dict[str, Ruleset] = {}
        self.use(text, 0)

    def use(self, text: str, seq: int, sets: CategorySets = NO_SETS) -> None:
        self.now = ActiveRules(Ruleset(parse_rules(text), sets), seq)
        self.versions[self.now.ruleset.version] = self.now.ruleset

    def active(self, *, at_least: int = 0) -> ActiveRules:
        if self.newer is not None and self.now.seq < at_least:
            self.now = self.newer
        return self.now

    def of_version(self, version: str) -> Ruleset | None:
        return self.versions.get(version)


class FakePublication:
    """The ``RULES#ACTIVE`` item. Reads and notes raise ``fails`` and ``note_fails`` where they are set;
    ``before_publish`` lets others be quicker."""

    def __init__(self) -> None:
        self.item: Published | None = None
        self.fails: Exception | None = None
        self.note_fails: Exception | None = None
        self.reads = 0
        self.before_publish: Callable[[], None] = lambda: None

    def current(self) -> Published | None:
        self.reads += 1
        if self.fails is not None:
            raise self.fails
        return self.item

    def publish(self, new: Published, *, expected: int) -> bool:
        self.before_publish()
        known = self.item or Published()
        if known.seq != expected:
            return False
        self.item = replace(new, last_good_hash=known.last_good_hash, last_good_seq=known.last_good_seq)
        return True

    def mark_good(self, version: str, seq: int) -> None:
        if self.note_fails is not None:
            raise self.note_fails
        if self.item is not None and (self.item.hash, self.item.seq) == (version, seq):
            self.item = replace(self.item, last_good_hash=version, last_good_seq=seq)


class FakeVersions:
    """Versions of rules: their texts, and the sets of those that name categories. ``fails`` is raised where set."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.sets: dict[str, CategorySets] = {}
        self.recorded: dict[int, Published] = {}
        self.fails: Exception | None = None

    def remember_rules(self, version: str, stored: StoredVersion) -> None:
        if version not in self.texts:
            self.texts[version], self.sets[version] = stored.text, stored.sets

    def remember_push(self, push: Published) -> None:
        self.recorded.setdefault(push.seq, push)

    def pushes(self, limit: int, *, before: int) -> list[Published]:
        return [self.recorded[seq] for seq in sorted(self.recorded, reverse=True) if seq < before][:limit]

    def stored_rules(self, version: str) -> StoredVersion | None:
        if self.fails is not None:
            raise self.fails
        text = self.texts.get(version)
        return None if text is None else StoredVersion(text, self.sets.get(version, {}))


class FakeDeployed:
    """The rules in the package."""

    def __init__(self, text: str = RULES) -> None:
        self.text = text

    @property
    def ruleset(self) -> Ruleset:
        return Ruleset(parse_rules(self.text))


class FakeRuleStore:
    """Where rules are kept, and a push without the door before it."""

    def __init__(self) -> None:
        self.publication, self.versions, self.deployed = FakePublication(), FakeVersions(), FakeDeployed()
        self.rule_store = RuleStore(self.publication, self.versions, self.deployed)

    def push(self, text: str, sets: CategorySets = NO_SETS) -> str:
        """Publish rules that are good; return their version."""
        version = Ruleset(parse_rules(text), sets).version
        self.versions.remember_rules(version, StoredVersion(text, sets))
        known = self.publication.item or Published()
        assert self.publication.publish(Published(version, known.seq + 1, "somebody", START), expected=known.seq)
        return version

    def push_broken(self, version: str = "f" * 64, text: str | None = "thresold = 1") -> None:
        """Write a version that cannot be read behind everybody's back."""
        if text is not None:
            self.versions.texts[version] = text
        known = self.publication.item or Published()
        self.publication.item = replace(known, hash=version, seq=known.seq + 1)
