"""Stories of one asset through the live path, each with the audits that it leaves."""

from collections.abc import Callable

import msgspec
import pytest

from autotag.domain.errors import Missing, Permanent
from autotag.domain.model.audit import Audit
from autotag.service.tagging.person_edits import handle_tag_edit as act
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload

ADOPT = 'name = "adopt"\n[defaults]\nauto_tagged = "adopt"\ncase = "lower"\n'
RICH = """
name = "rich"
[defaults]
review = 0.5
max_tags = 3
prefix = "auto:"
deny = ["Person"]
[labels.Guitar]
tag = "instrument"
parents = ["music"]
priority = 5
[[when]]
name = "stage"
folder = "stage/**"
tags_any = ["press"]
add = ["concert"]
"""
LABELS = {**GUITARIST, "Person": 0.95, "Electric Guitar": 0.81}


def observed(fakes: Fakes, at: int = START, digest: str = "d1", **asset: object) -> None:
    """Set the asset in Cloudinary, and handle its upload notification."""
    body = resource("a1", **{"labels": LABELS, **asset})  # type: ignore[arg-type]
    fakes.cloudinary.assets["a1"] = {**body, "tags": list(body["tags"])}
    handle(fakes.deps, upload(body, at, digest), fakes.remaining)


def tagged(fakes: Fakes) -> None:
    observed(fakes, tags=("press",))


def new_version(fakes: Fakes) -> None:
    tagged(fakes)
    observed(fakes, START + 9, "d2", labels={"Cat": 0.9, "People": 0.98}, version=200, tags=("press", "people"))


def labels_again(fakes: Fakes) -> None:
    tagged(fakes)
    observed(fakes, START + 99_000, "d2", labels={**LABELS, "Stage": 0.88}, tags=("press",))
    observed(fakes, START + 199_000, "d3", labels={**LABELS, "Stage": 0.88, "Low": 0.1}, tags=("press",))


def tag_lost_elsewhere(fakes: Fakes) -> None:
    """The managed tags are gone from the asset, for no known reason: they are added again."""
    tagged(fakes)
    observed(fakes, START + 9, "d2", version=200, labels={**LABELS, "Stage": 0.9}, tags=())


def people_in_between(fakes: Fakes) -> None:
    tagged(fakes)
    act(
        fakes.deps,
        person(added=("Stage", "mine"), removed=("Guitar", "instrument"), at=START + 9_000),
        fakes.remaining,
    )
    observed(fakes, START + 99_000, "d2", labels={**LABELS, "Stage": 0.9}, version=200, tags=("press", "mine"))


def assigned_by_cloudinary(fakes: Fakes) -> None:
    act(fakes.deps, person(added=("person",), at=START - 9), fakes.remaining)
    observed(fakes, tags=("people", "person", "musician", "press"))
    observed(fakes, START + 99_000, "d2", labels={"People": 0.2}, version=200, tags=("people", "press"))


def taken_over(fakes: Fakes) -> None:
    """The first owner dies between its calls; the second finishes, and a person speaks in between."""
    fakes.effects.die_at = (1, "after")
    with pytest.raises(Died):
        tagged(fakes)
    act(fakes.deps, person(removed=("People", "auto:People"), at=START + 30), fakes.remaining)
    fakes.clock.advance(7200)
    a_minute(fakes)


def failed(fakes: Fakes) -> None:
    observed(fakes, status="failed")


def uncategorized(fakes: Fakes) -> None:
    observed(fakes, status="none")


def timed_out(fakes: Fakes) -> None:
    observed(fakes, status="pending")
    fakes.clock.advance(90_000)
    a_minute(fakes)


def gone(fakes: Fakes) -> None:
    observed(fakes, status="pending")
    fakes.cloudinary.assets.clear()
    fakes.clock.advance(3600)
    a_minute(fakes)


def refused(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Permanent("too many tags")]
    tagged(fakes)


def vanished(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Missing("not found")]
    tagged(fakes)


Story = Callable[[Fakes], None]
STORIES: dict[Story, list[str]] = {
    tagged: ["tagged"],
    new_version: ["tagged", "tagged"],
    labels_again: ["tagged", "tagged", "unchanged"],
    tag_lost_elsewhere: ["tagged", "tagged"],
    people_in_between: ["tagged", "tagged", "tagged"],
    assigned_by_cloudinary: ["tagged", "tagged"],
    taken_over: ["tagged", "tagged"],
    failed: ["failed"],
    uncategorized: ["skipped"],
    timed_out: ["timed_out"],
    gone: ["gone"],
    refused: ["failed"],
    vanished: ["gone"],
}
RULES = {
    "default": "",
    "adopt": ADOPT,
    "rich": RICH,
    "dry": f'{ADOPT}mode = "dry_run"\n',
    "skip": '[[when]]\nname = "left"\nfolder = "stage"\nskip = true\n',
}


def records(rules: str, story: Story) -> list[Audit]:
    """Return the audits of a story as they are read back from where they are stored."""
    fakes = Fakes(rules)
    story(fakes)
    return [
        msgspec.json.decode(msgspec.json.encode(audit), type=Audit)
        for audit in sorted(fakes.audits.records.values(), key=lambda audit: audit.audit_id)
    ]
