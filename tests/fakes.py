"""In-memory fakes of every port, with a Cloudinary that behaves, and effects that can be counted or cut off."""

from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

import msgspec
from msgspec.structs import replace

from autotag.domain.errors import BudgetExhausted, CredentialsRefused, Missing, Permanent, Retryable, TooLarge
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.audit import Audit
from autotag.domain.model.health import Share
from autotag.domain.model.messages import Labelled, PersonTags, Source
from autotag.domain.notifications.parse import parse_resource
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.versions import Published
from autotag.domain.runs.run import Listing
from autotag.domain.state.asset_state import AssetState, DueKind, Op, due
from autotag.domain.state.item_size import room
from autotag.ports.rules import Shelf
from autotag.service.context import Pace, World
from tests.fake_effects import Died as Died
from tests.fake_effects import Effects
from tests.fake_runs import FakeRuns

START = 1_791_460_800_000
RULES = '[defaults]\nthreshold = 0.7\n[[when]]\nname = "zoo"\nfolder = "zoo/**"\nset = { threshold = 0.9 }\n'


class FakeClock:
    """A clock that stands until it is told to move; ids count up. ``step``: no two moments are the same, unless 0.

    ``spreads`` is by how much delays are spread.
    """

    def __init__(self) -> None:
        self.time = START
        self.step = 1
        self.spreads = 1.0
        self.ids = 0

    def now(self) -> int:
        self.time += self.step
        return self.time

    def unique(self) -> str:
        self.ids += 1
        return f"{self.ids:032x}"

    def spread(self, seconds: float) -> float:
        return seconds * self.spreads

    def advance(self, seconds: float) -> None:
        self.time += round(seconds * 1000)


class FakeStore:
    """The State table: encodes what it stores, so that nothing is shared by reference.

    Where ``measured``, it has no more room than DynamoDB; ``sizes`` are those of the items that it took. While the
    index of names ``is_behind``, as it may be for a moment, it shows nothing.
    """

    def __init__(self, effects: Effects, clock: FakeClock) -> None:
        self.items: dict[str, AssetState] = {}
        self.effects, self.clock = effects, clock
        self.measured = False
        self.sizes: list[int] = []
        self.before_put: Callable[[], None] = lambda: None
        self.is_behind: Callable[[], bool] = lambda: False

    def load(self, asset_id: str) -> AssetState | None:
        return self.effects.read(lambda: self.items.get(asset_id))

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        return {asset_id: self.items[asset_id] for asset_id in asset_ids if asset_id in self.items}

    def put(self, state: AssetState, *, over: AssetState | None) -> AssetState | None:
        self.before_put()
        if self.measured:
            self._measure(state, over)
        return self.effects(lambda: self._put(state, over))

    def _measure(self, state: AssetState, over: AssetState | None) -> None:
        from autotag.adapters.aws.dynamodb.items import item_size, state_to_item

        size = item_size(state_to_item(state, "stamp"))
        if size > room(state, over):
            raise TooLarge(f"{size} bytes")
        self.sizes.append(size)

    def _put(self, state: AssetState, over: AssetState | None) -> AssetState | None:
        stored = self.items.get(state.asset.asset_id)
        if (stored.rev if stored else 0) != (over.rev if over else 0):
            return None
        new = replace(state, rev=(over.rev if over else 0) + 1)
        self.items[state.asset.asset_id] = msgspec.convert(msgspec.to_builtins(new), AssetState)
        return new

    def holders(self, asset: AssetRef) -> list[str]:
        if self.is_behind():
            return []
        return [i for i, s in self.items.items() if s.asset.public_id == asset.public_id and s.status != "gone"]

    def named(self, public_id: str) -> list[str]:
        return [i for i, s in self.items.items() if s.asset.public_id == public_id]

    def page(self, segment: int, segments: int, cursor: str, limit: int) -> tuple[list[AssetState], str | None]:
        mine = sorted(i for i in self.items if crc32(i.encode()) % segments == segment and i > cursor)
        live = [self.items[i] for i in mine[:limit] if self.items[i].status != "gone"]
        return live, mine[limit - 1] if len(mine) > limit else None

    def due(self, kind: DueKind, shard: int, now: int) -> list[str]:
        if shard:
            return []
        found = [(when[1], i) for i, s in self.items.items() if (when := due(s)) and when[0] == kind]
        return [i for at, i in sorted(found) if at <= now]


class FakeAudits:
    """The History table; ``at_once`` is the most that it gives of what is asked for."""

    def __init__(self, effects: Effects) -> None:
        self.records: dict[str, Audit] = {}
        self.effects = effects
        self.at_once = 1000

    def put(self, audit: Audit) -> None:
        self.effects(lambda: self.records.setdefault(audit.audit_id, audit))

    def get(self, audit_id: str) -> Audit | None:
        return self.records.get(audit_id)

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        ids = sorted((i for i in self.records if i.startswith(f"{asset_id}.")), reverse=True)
        return [self.records[i] for i in ids if not before or i < before][: min(limit, self.at_once)]


class FakeBus:
    """The event bus; ``fails`` is raised where it is set."""

    def __init__(self, effects: Effects) -> None:
        self.sent: list[Audit] = []
        self.effects = effects
        self.fails: Exception | None = None

    def announce(self, audit: Audit) -> None:
        if self.fails is not None:
            raise self.fails
        self.effects(lambda: self.sent.append(audit))

    def announce_all(self, audits: Sequence[Audit]) -> dict[str, str]:
        faults = {}
        for audit in audits:
            try:
                self.announce(audit)
            except Retryable as error:
                faults[audit.audit_id] = str(error)
        return faults


class FakeCloudinary:
    """Assets with tags and labels. ``fails`` is raised by the next calls, one each.

    ``before_read`` is what happens at the moment of a read; an asset takes at most ``most_tags``.
    """

    def __init__(self, effects: Effects) -> None:
        self.assets: dict[str, dict[str, Any]] = {}
        self.effects = effects
        self.calls: list[tuple[str, str, tuple[str, ...]]] = []
        self.joint_calls: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
        self.categorized: list[str] = []
        self.knows: dict[str, float] = {}
        self.list_page = 500
        self.reads: list[str] = []
        self.missed: list[str] = []
        self.fails: list[Exception] = []
        self.silent = False
        self.before_read: Callable[[], None] = lambda: None
        self.most_tags = 1000
        self.keeps: bool | None = None
        self.asked_keeps = 0
        self.on_change: Callable[[str, Op, tuple[str, ...]], None] = lambda asset_id, op, tags: None

    def own_key(self) -> str:
        return "222"

    def keeps_tags(self) -> bool | None:
        self.asked_keeps += 1
        return self.keeps

    def tags(self, asset_id: str) -> set[str]:
        return set(self.assets[asset_id]["tags"])

    def change_tags(self, asset: AssetRef, op: Op, tags: tuple[str, ...], timeout: float) -> bool:
        if self.fails:
            raise self.fails.pop(0)
        return self.effects(lambda: self._change(asset, op, tags))

    def _change(self, asset: AssetRef, op: Op, tags: tuple[str, ...]) -> bool:
        self.calls.append((op, asset.public_id, tags))
        for asset_id, known in self.assets.items():
            if known["public_id"] == asset.public_id:
                before = known["tags"]
                kept = [tag for tag in before if tag not in tags]
                if op == "add" and len(kept) + len(tags) > self.most_tags:
                    raise Permanent(f"Cloudinary answered 400: more than {self.most_tags} tags")
                known["tags"] = kept + (list(tags) if op == "add" else [])
                if changed := tuple(tag for tag in tags if (tag in before) != (op == "add")):
                    self.on_change(asset_id, op, changed)
                return not self.silent
        return False

    def change_tags_of(
        self, resource_type: str, type_: str, public_ids: tuple[str, ...], op: Op, tags: tuple[str, ...], timeout: float
    ) -> frozenset[str]:
        if self.fails:
            raise self.fails.pop(0)
        return self.effects(lambda: self._change_all(public_ids, op, tags))

    def _change_all(self, public_ids: tuple[str, ...], op: Op, tags: tuple[str, ...]) -> frozenset[str]:
        self.joint_calls.append((op, public_ids, tags))
        refs = (AssetRef("", name, "image", "upload", 0) for name in public_ids)
        return frozenset(ref.public_id for ref in refs if self._change(ref, op, tags))

    def listed(
        self, listing: Listing, cursor: str, limit: int, timeout: float
    ) -> tuple[list[dict[str, object]], str | None]:
        if self.fails:
            raise self.fails.pop(0)
        start = int(cursor or 0)
        end = start + min(self.list_page, limit)
        page = [dict(body) for body in list(self.assets.values())[start:end]]
        found: list[dict[str, object]] = [body for body in page if body["public_id"].startswith(listing.prefix)]
        return found, str(end) if end < len(self.assets) else None  # so that a page may be empty and not the last

    def categorize(self, asset: AssetRef, provider: str, timeout: float) -> dict[str, object]:
        if self.fails:
            raise self.fails.pop(0)
        return self.effects(lambda: self._categorize(asset, provider))

    def _categorize(self, asset: AssetRef, provider: str) -> dict[str, object]:
        self.categorized.append(asset.asset_id)
        data = [{"tag": tag, "confidence": value} for tag, value in self.knows.items()]
        found = {provider: {"status": "complete", "data": data}}
        self.assets[asset.asset_id]["info"] = {"categorization": found}
        return dict(self.assets[asset.asset_id])

    def resource(self, asset_id: str, timeout: float) -> dict[str, object]:
        self.reads.append(asset_id)
        return self.effects.read(lambda: self._resource(asset_id))

    def _resource(self, asset_id: str) -> dict[str, object]:
        self.before_read()
        if self.fails:
            raise self.fails.pop(0)
        if asset_id not in self.assets:
            self.missed.append(asset_id)
            raise Missing("not found")
        return dict(self.assets[asset_id])


class FakeLimits:
    """Budget and breaker in one."""

    def __init__(self) -> None:
        self.left = 10_000
        self.kept = 0
        self.hints = 10_000
        self.open_until = 0

    def reserve(self, now: int, *, share: Share = "live") -> None:
        hint = share == "hints"
        if self.left <= (self.kept if share == "spare" else 0) or (hint and self.hints <= 0):
            raise BudgetExhausted("used", delay=1800)
        self.left -= 1
        self.hints -= hint

    def check(self, now: int) -> None:
        if now < self.open_until:
            raise CredentialsRefused("open", delay=(self.open_until - now) / 1000)

    def trip(self, now: int, reason: str) -> None:
        self.open_until = now + 300_000


class FakeTelemetry:
    """Keeps what was counted and logged."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.lines: list[tuple[str, dict[str, object]]] = []

    def count(self, metric: str, value: int = 1) -> None:
        self.counts[metric] = self.counts.get(metric, 0) + value

    def info(self, event: str, **fields: object) -> None:
        self.lines.append((event, fields))

    def warn(self, event: str, **fields: object) -> None:
        self.lines.append((event, fields))


class FixedRules:
    """Rules that a test may swap; ``newer`` are known once somebody asks for later ones than those."""

    def __init__(self, text: str = RULES) -> None:
        self.newer: tuple[Rulebook, int] | None = None
        self.use(text, 0)

    def use(self, text: str, seq: int) -> None:
        self.now = (Rulebook(parse_rules(text)), seq)

    def active(self, *, at_least: int = 0) -> tuple[Rulebook, int]:
        if self.newer is not None and self.now[1] < at_least:
            self.now = self.newer
        return self.now


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

    def publish(self, new: Published, *, over: int) -> bool:
        self.before_publish()
        known = self.item or Published()
        if known.seq != over:
            return False
        self.item = replace(new, last_good_hash=known.last_good_hash, last_good_seq=known.last_good_seq)
        return True

    def mark_good(self, version: str, seq: int) -> None:
        if self.note_fails is not None:
            raise self.note_fails
        if self.item is not None and (self.item.hash, self.item.seq) == (version, seq):
            self.item = replace(self.item, last_good_hash=version, last_good_seq=seq)


class FakeVersions:
    """The texts of rules. ``fails`` is raised where it is set."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.fails: Exception | None = None

    def remember_rules(self, version: str, text: str) -> None:
        self.texts.setdefault(version, text)

    def rules_text(self, version: str) -> str | None:
        if self.fails is not None:
            raise self.fails
        return self.texts.get(version)


class FakeDeployed:
    """The rules in the package."""

    def __init__(self, text: str = RULES) -> None:
        self.text = text

    @property
    def rulebook(self) -> Rulebook:
        return Rulebook(parse_rules(self.text))


class FakeShelf:
    """Where rules are kept, and a push without the door before it."""

    def __init__(self) -> None:
        self.publication, self.versions, self.deployed = FakePublication(), FakeVersions(), FakeDeployed()
        self.shelf = Shelf(self.publication, self.versions, self.deployed)

    def push(self, text: str) -> str:
        """Publish rules that are good; return their version."""
        version = Rulebook(parse_rules(text)).version
        self.versions.remember_rules(version, text)
        known = self.publication.item or Published()
        assert self.publication.publish(Published(version, known.seq + 1, "somebody", START), over=known.seq)
        return version

    def push_broken(self, version: str = "f" * 64, text: str | None = "thresold = 1") -> None:
        """Write a version that cannot be read behind everybody's back."""
        if text is not None:
            self.versions.texts[version] = text
        known = self.publication.item or Published()
        self.publication.item = replace(known, hash=version, seq=known.seq + 1)


class Fakes:
    """One world of fakes, with the messages that a test sends it."""

    def __init__(self, rules: str = RULES) -> None:
        self.effects, self.clock = Effects(), FakeClock()
        self.store = FakeStore(self.effects, self.clock)
        self.audits, self.bus = FakeAudits(self.effects), FakeBus(self.effects)
        self.cloudinary, self.limits = FakeCloudinary(self.effects), FakeLimits()
        self.telemetry, self.rules = FakeTelemetry(), FixedRules(rules)
        self.runs = FakeRuns(self.effects)
        self.world = World(
            store=self.store,
            audits=self.audits,
            bus=self.bus,
            cloudinary=self.cloudinary,
            budget=self.limits,
            breaker=self.limits,
            rules=self.rules,
            clock=self.clock,
            telemetry=self.telemetry,
            runs=self.runs,
            pace=Pace(first_delay=60, longest_delay=3600, deadline=86400),
        )

    def remaining(self) -> float:
        return 60.0

    def outcomes(self) -> list[str]:
        return [audit.outcome for audit in self.audits.records.values()]


GUITARIST = {"People": 0.9922, "Guitar": 0.7046, "Musician": 0.5754}


def resource(
    asset_id: str = "a1",
    labels: dict[str, float] | None = None,
    *,
    status: str = "complete",
    tags: tuple[str, ...] = (),
    version: int = 100,
    public_id: str = "",
) -> dict[str, Any]:
    """Return an asset as the Admin API shows it."""
    data: object = [{"tag": tag, "confidence": value} for tag, value in (labels or {}).items()]
    found: dict[str, Any] = {"status": status}
    if status == "complete":
        found["data"] = data
    elif status == "failed":
        found["data"] = "it failed"
    return {
        "asset_id": asset_id,
        "public_id": public_id or f"stage/{asset_id}",
        "resource_type": "image",
        "type": "upload",
        "version": version,
        "format": "jpg",
        "tags": list(tags),
        "info": {} if status == "none" else {"categorization": {"aws_rek_tagging": found}},
    }


def upload(body: dict[str, Any], observed_at: int = START, digest: str = "d1") -> Labelled:
    """Return the message of an upload notification about ``body``."""
    return parse_resource(body, observed_at, Source("upload", digest, "r1"))


def person(
    asset_id: str = "a1",
    *,
    added: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
    at: int,
    by: str = "someone",
    digest: str = "",
) -> PersonTags:
    """Return the message of a person's change."""
    ref = AssetRef(asset_id, f"stage/{asset_id}", "image", "upload", 0)
    return PersonTags(ref, at, by, Source("resource_tags_changed", digest or f"p{at}"), added, removed)
