"""What happens to one asset while processes die: uploads, people, rules, refusals, deletions and renames."""

from collections.abc import Callable, Sequence

from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetDeleted, AssetRenamed, Message, MessageOrigin
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload

Step = Message | Callable[[], object]
"""A message that a worker handles, or something that happens in the world."""

Scenario = Callable[[Fakes], Sequence[Step]]


def fresh_upload(fakes: Fakes) -> Sequence[Step]:
    """One upload, complete."""
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press",))
    return [upload(dict(fakes.cloudinary.assets["a1"]))]


def overwritten(fakes: Fakes, labels: dict[str, float]) -> Message:
    """A new version; Cloudinary keeps the tags of the old one."""
    return upload(resource("a1", labels, version=200, tags=("press",)), START + 9, "d2")


def new_version(fakes: Fakes) -> Sequence[Step]:
    """An overwrite with other labels after a first upload: tags of ours go, others come."""
    return [*fresh_upload(fakes), overwritten(fakes, {"People": 0.99, "Cat": 0.9})]


def pending_then_info(fakes: Fakes) -> Sequence[Step]:
    """Pending, then complete."""
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press",))
    pending = resource("a1", status="pending", tags=("press",))
    return [upload(pending), upload(dict(fakes.cloudinary.assets["a1"]), START + 9, "d2")]


def pending_then_poll(fakes: Fakes) -> Sequence[Step]:
    """Pending, and only a poll finds the labels."""
    return pending_then_info(fakes)[:1]


def removal_by_a_person(fakes: Fakes) -> Sequence[Step]:
    """An upload, then a person who takes one of our tags away."""
    return [*fresh_upload(fakes), person(removed=("Guitar",), at=START + 30)]


def removal_that_was_overridden(fakes: Fakes) -> Sequence[Step]:
    """A person had taken a tag away just before we wrote it, and that is told late."""
    return [*fresh_upload(fakes), person(removed=("Guitar",), at=START - 30_000)]


def dry_run(fakes: Fakes) -> Sequence[Step]:
    """Rules that write nothing."""
    fakes.rules.use('[defaults]\nmode = "dry_run"\nthreshold = 0.7\n', 0)
    return fresh_upload(fakes)


def review(fakes: Fakes) -> Sequence[Step]:
    """Rules that ask a person about a label."""
    fakes.rules.use("[defaults]\nthreshold = 0.7\nreview = 0.5\n", 0)
    return fresh_upload(fakes)


def two_providers(fakes: Fakes) -> Sequence[Step]:
    """One provider's labels come with the upload, the other's later."""
    fakes.rules.use('[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]\n', 0)
    body = resource("a1", GUITARIST, tags=("press",))
    body["info"]["categorization"]["google_tagging"] = {"status": "pending"}
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press",))
    google = {"status": "complete", "data": [{"tag": "Stage", "confidence": 0.9}]}
    fakes.cloudinary.assets["a1"]["info"]["categorization"]["google_tagging"] = google
    return [upload(body), upload(dict(fakes.cloudinary.assets["a1"]), START + 9, "d2")]


def adopt(fakes: Fakes) -> Sequence[Step]:
    """Rules that take over what Cloudinary's auto_tagging assigned, and drop some of it."""
    fakes.rules.use('[defaults]\nauto_tagged = "adopt"\nthreshold = 0.7\n', 0)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press", "people", "musician"))
    return [upload(dict(fakes.cloudinary.assets["a1"]))]


def bus_down(fakes: Fakes) -> Sequence[Step]:
    """The event bus is down while two versions are decided on, and then comes back."""
    fakes.bus.fails = Retryable("EventBridge: InternalException")

    def back() -> None:
        fakes.bus.fails = None

    return [*new_version(fakes), back]


def rules_pushed_between(fakes: Fakes) -> Sequence[Step]:
    """Rules are pushed between two versions; the old ones gave other tags."""
    push = '[defaults]\nthreshold = 0.9\n[labels.People]\ntag = "crowd"\n'
    again = overwritten(fakes, {"People": 0.99, "Guitar": 0.8})
    return [*fresh_upload(fakes), lambda: fakes.rules.use(push, 1), again]


def refused_in_part(fakes: Fakes) -> Sequence[Step]:
    """Cloudinary takes what is to be removed, and refuses what is to be added."""

    def fill() -> None:
        fakes.cloudinary.most_tags = 2

    return [*fresh_upload(fakes), fill, overwritten(fakes, {"People": 0.99, "Cat": 0.9, "Dog": 0.9})]


def refused_for_good(fakes: Fakes) -> Sequence[Step]:
    """Cloudinary refuses the tags for good."""
    fakes.cloudinary.most_tags = 1
    return fresh_upload(fakes)


def deleted(fakes: Fakes) -> Sequence[Step]:
    """The asset is deleted before its tags are written."""
    steps = fresh_upload(fakes)
    del fakes.cloudinary.assets["a1"]
    return steps


def deleted_by_notification(fakes: Fakes) -> Sequence[Step]:
    """The asset is tagged, then deleted, which a notification tells."""
    ref = AssetRef("a1", "stage/a1", "image", "upload", 100)

    def delete() -> None:
        fakes.cloudinary.assets.pop("a1", None)

    return [*fresh_upload(fakes), delete, AssetDeleted(ref, START + 600_000, MessageOrigin("delete", "x1"))]


def renamed(fakes: Fakes) -> Sequence[Step]:
    """The asset is renamed before a new version of it comes."""
    ref = AssetRef("a1", "stage/a2", "image", "upload", 0)

    def rename() -> None:
        fakes.cloudinary.assets["a1"]["public_id"] = "stage/a2"

    labels = {"People": 0.99, "Guitar": 0.9, "Cat": 0.9}
    newer = resource("a1", labels, version=200, tags=("press",), public_id="stage/a2")
    told = AssetRenamed(ref, "stage", START + 5, MessageOrigin("rename", "n1"))
    return [*fresh_upload(fakes), rename, told, upload(newer, START + 9, "d2")]
