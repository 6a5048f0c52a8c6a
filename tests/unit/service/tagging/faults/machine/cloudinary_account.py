"""A small Cloudinary account as the people who use it see it: what they do, and what must therefore hold at rest."""

from typing import Any

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.audit import audit_id
from autotag.domain.model.messages import (
    AboutOne,
    AskSample,
    AssetDeleted,
    AssetMoved,
    AssetRenamed,
    ContextChanged,
    Message,
    MessageOrigin,
    RefetchAsset,
    ReviewAnswered,
    TagsEdited,
    Task,
    hint,
)
from autotag.domain.state.asset_state import Op
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import person, resource, upload

LABELS = ("People", "Guitar", "Cat", "Dog")
TAGS = (*LABELS, "press")
NAMES = ("stage/a", "stage/b", "zoo/c")
FOLDERS = ("desk", "press")
BARS = (0.7, 0.9)
REVIEW = 0.5


class Expected:
    """What people did to one asset: ``people`` says of a tag what must hold; of ``loose`` ones nothing is said.

    ``uploaded`` are the tags that the upload of the current version set, ``set_by_upload`` those of them that must
    stand.
    """

    def __init__(self) -> None:
        self.people: dict[str, Op] = {}
        self.loose: set[str] = set()
        self.set_by_upload: set[str] = set()
        self.uploaded: set[str] = set()


class CloudinaryAccount:
    """Assets in Cloudinary, what people do to them, and the bag of notifications that were sent about them.

    ``keeps``: whether an overwrite keeps tags; ``known``: whether the service knows that.
    """

    def __init__(self, *, keeps: bool, known: bool, hints: bool) -> None:
        self.fakes = Fakes(_rules(BARS[0]))
        self.fakes.cloudinary.keeps = keeps if known else None
        self.fakes.cloudinary.on_change = self._echo
        self.keeps, self.known, self.hints = keeps, known, hints
        self.bag: list[Message] = []
        self.assets: dict[str, Expected] = {}
        self.deleted: dict[str, dict[str, Any]] = {}
        self.books = {self.fakes.rules.now[0].version: self.fakes.rules.now[0]}
        self.bar, self.seq, self.digests, self.stamp = BARS[0], 0, 0, 0
        self.asked_for: dict[str, int] = {}
        self.answers: dict[str, tuple[str, str]] = {}
        self.deaths = 0
        self.left: dict[str, Message] = {}
        self.begun: list[Task] = []

    def now(self) -> int:
        return self.fakes.clock.now()

    def body(self, asset_id: str) -> dict[str, Any]:
        return self.fakes.cloudinary.assets[asset_id]

    def there(self) -> list[str]:
        """Return the assets that exist."""
        return sorted(self.fakes.cloudinary.assets)

    def free_names(self) -> list[str]:
        """Return the names that an asset may get; one that another has just left, once that was told."""
        used = {body["public_id"] for body in self.fakes.cloudinary.assets.values()}
        used |= {name for name, message in self.left.items() if message in self.bag}
        return [name for name in NAMES if name not in used]

    def upload(self, asset_id: str, labels: dict[str, float], tags: tuple[str, ...], *, pending: bool = False) -> None:
        """Upload an asset, or overwrite it: Cloudinary replaces its labels, and its tags unless it keeps them."""
        self.fakes.clock.advance(2)
        old = self.fakes.cloudinary.assets.get(asset_id)
        name = old["public_id"] if old else (*self.free_names(), f"stage/{asset_id}")[0]
        expected = self.assets.setdefault(asset_id, Expected())
        kept = bool(old and self.keeps and not tags)  # those that an upload sends stand in place of those kept
        there = dict.fromkeys(old["tags"] if kept and old else tags)
        version = self.now() // 1000
        facts = {name: old[name] if old else value for name, value in _NEW.items()}
        body = resource(asset_id, labels, version=version, tags=tuple(there), public_id=name) | facts
        self.fakes.cloudinary.assets[asset_id] = body
        expected.uploaded = expected.uploaded if kept else set(tags)
        if kept and self.bag:  # what has not arrived yet makes it look as if the upload had sent other tags
            expected.loose |= set(LABELS)
        if not kept:
            # where tags may be kept, an upload of just the tags of before looks like one that kept them
            sure = not old or (self.known and not self.keeps)
            expected.set_by_upload = set(tags) if sure else set(tags) - set(LABELS)
            state = self.fakes.store.items.get(asset_id)
            if self.hints and state is not None and state.intent is not None:
                expected.set_by_upload -= {*state.intent.add}  # reads alone do not tell which of the two was first
            expected.people = {tag: op for tag, op in expected.people.items() if op == "remove"}
        expected.loose |= set(tags)
        said = resource(asset_id, status="pending", version=version, tags=tuple(there), public_id=name) | facts
        self._send(upload(said if pending else dict(body), self.now(), self._digest()))

    def touch(self, asset_id: str, tag: str, *, at_once: bool, by_hand: bool) -> None:
        """A person toggles a tag; ``at_once``: at the same moment as the change before."""
        expected, tags = self.assets[asset_id], self.body(asset_id)["tags"]
        at_once = at_once and self.fakes.clock.time - self.stamp < 500
        at = self.stamp if at_once else self.now()
        op: Op = "remove" if tag in tags else "add"
        (tags.remove if op == "remove" else tags.append)(tag)
        said = person(asset_id, **{"added" if op == "add" else "removed": (tag,)}, at=at, digest=self._digest())  # type: ignore[arg-type]
        message = TagsEdited(said.asset, at, said.by, said.source, said.added, said.removed, by_hand)
        if at_once or self.hints:  # what Cloudinary holds when it is read decides
            expected.people.pop(tag, None)
        else:
            expected.people[tag] = op
        expected.loose.add(tag)
        if op == "remove":
            expected.set_by_upload.discard(tag)
        self.stamp = at
        self._send(message)

    def rename(self, asset_id: str, name: str) -> None:
        old, self.body(asset_id)["public_id"] = self.body(asset_id)["public_id"], name
        ref = AssetRef(asset_id, name, "image", "upload", 0)
        folder = self.body(asset_id)["asset_folder"]
        self._send(AssetRenamed(ref, folder, self.now(), MessageOrigin("rename", self._digest())))
        self.left[old] = self.bag[-1]

    def move(self, asset_id: str) -> None:
        """Move an asset to the other folder, under the same name."""
        body = self.body(asset_id)
        body["asset_folder"] = FOLDERS[body["asset_folder"] == FOLDERS[0]]
        ref = AssetRef(asset_id, body["public_id"], "image", "upload", 0)
        self._send(AssetMoved(ref, body["asset_folder"], self.now(), MessageOrigin("move", self._digest())))

    def edit(self, asset_id: str) -> None:
        """Set or remove the asset's license."""
        body = self.body(asset_id)
        ref = AssetRef(asset_id, body["public_id"], "image", "upload", 0)
        there = bool(body["context"]["custom"])
        body["context"] = {"custom": {} if there else dict(_LICENCE)}
        source = MessageOrigin("resource_context_changed", self._digest())
        changed = {"removed": tuple(_LICENCE)} if there else {"set": dict(_LICENCE)}
        self._send(ContextChanged(ref, self.now(), source, **changed))

    def delete(self, asset_id: str) -> None:
        body = self.deleted[asset_id] = self.fakes.cloudinary.assets.pop(asset_id)
        ref = AssetRef(asset_id, body["public_id"], "image", "upload", body["version"])
        self._send(AssetDeleted(ref, self.now(), MessageOrigin("delete", self._digest())))
        self.left[body["public_id"]] = self.bag[-1]

    def restore(self, asset_id: str) -> None:
        """The asset comes back from a backup, as it was."""
        body = self.deleted.pop(asset_id)
        if body["public_id"] not in self.free_names():
            body["public_id"] = (*self.free_names(), f"stage/spare-{asset_id}")[0]
        self.fakes.clock.advance(2)
        self.fakes.cloudinary.assets[asset_id] = body
        self._send(upload(dict(body), self.now(), self._digest()))

    def hint_at(self, asset_id: str) -> None:
        self.bag.append(RefetchAsset(asset_id, self.now(), MessageOrigin("upload", self._digest())))

    def answer(self, asset_id: str, verdict: str, tag: str) -> None:
        """A person answers about a tag in the review queue, or takes the last answer about the asset back."""
        at, version = self.now(), self.fakes.store.items[asset_id].asset.version
        said: dict[str, Any] = {verdict: (tag,)}
        if verdict == "undo":
            if asset_id not in self.answers:
                return
            tag, identifier = self.answers[asset_id]
            said = {"undo": ((tag, identifier),)}
        message = ReviewAnswered(
            asset_id, version, "ada", at, MessageOrigin("review", self._digest().rjust(12, "0")), **said
        )
        if verdict != "undo":
            self.answers[asset_id] = tag, audit_id(asset_id, at, message.source.digest[:12])
        expected = self.assets[asset_id]
        expected.loose.add(tag)
        expected.people.pop(tag, None)
        expected.set_by_upload.discard(tag)
        self.bag.append(message)

    def sample(self, asset_id: str, label: str) -> None:
        """An operator requests a question at random about a label."""
        version = self.fakes.store.items[asset_id].asset.version
        self.bag.append(
            AskSample(asset_id, version, (label,), "ada", self.now(), MessageOrigin("sample", self._digest()))
        )

    def push(self, bar: float) -> None:
        """New rules become active."""
        self.bar, self.seq = bar, self.seq + 1
        self.fakes.rules.use(_rules(bar), self.seq)
        self.books[self.fakes.rules.now[0].version] = self.fakes.rules.now[0]

    def handle(self, message: Task) -> None:
        if isinstance(message, RefetchAsset):
            self.asked_for[message.asset_id] = self.asked_for.get(message.asset_id, 0) + 1
        before = message in self.begun
        if not before:
            self.begun.append(message)
        handle(self.fakes.deps, message, self.fakes.remaining, received_before=before)
        if message in self.begun:  # handled to the end: if it comes once more, it is another one with the same content
            self.begun.remove(message)

    def _send(self, message: AboutOne) -> None:
        self.bag.append(hint(message) if self.hints else message)

    def _echo(self, asset_id: str, op: Op, tags: tuple[str, ...]) -> None:
        """Cloudinary notifies of our own calls, too."""
        changed: dict[str, Any] = {"added" if op == "add" else "removed": tags}
        self._send(person(asset_id, **changed, at=self.now(), by="222", digest=self._digest()))

    def _digest(self) -> str:
        self.digests += 1
        return f"d{self.digests:08d}"


_LICENCE = {"license": "free"}
_NEW: dict[str, Any] = {"asset_folder": FOLDERS[0], "context": {"custom": {}}}
"""The facts of a new asset."""


def _rules(bar: float) -> str:
    return f"""
[defaults]
threshold = {bar}
review = {REVIEW}
[[when]]
folder = "press"
add = ["filed"]
[[when]]
context = {{ license = "free" }}
add = ["licensed"]
"""
