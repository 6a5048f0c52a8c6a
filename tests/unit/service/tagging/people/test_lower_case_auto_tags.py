"""Tags that auto_tagging assigned in lower case, as accounts get them, where the labels and the rules have capitals.

Source: captured answers of 2018, 2022 and 2024, in which ``Electric Guitar`` is the label and ``electric guitar`` the
tag.
"""

import pytest

from autotag.domain.model.messages import LabelsObserved, Message, MessageOrigin
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import decide_again

LABELS = {"Animal": 0.99, "Koala": 0.97, "Tree Trunk": 0.95, "Wildlife": 0.6}
ASSIGNED = ("animal", "koala", "tree trunk")
ADOPT = '[defaults]\nauto_tagged = "adopt"\n'


def uploaded(rules: str = "", *, tags: tuple[str, ...] = ("press", *ASSIGNED)) -> Fakes:
    """An upload with auto_tagging, whose notification lists labels and tags."""
    fakes = Fakes(rules) if rules else Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, tags=tags)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(600)
    return fakes


def outcomes(fakes: Fakes) -> dict[str, str]:
    *_, last = fakes.audits.records.values()
    return {found.label: found.outcome for found in last.labels}


def test_lower_case_tags_of_an_upload_are_present_and_are_left_alone() -> None:
    fakes = uploaded()

    assert fakes.cloudinary.tags("a1") == {"press", *ASSIGNED} and fakes.cloudinary.calls == []
    assert outcomes(fakes) == {
        **dict.fromkeys(("Animal", "Koala", "Tree Trunk"), "present"),
        "Wildlife": "below_threshold",
    }
    assert fakes.store.items["a1"].people == {} and fakes.store.items["a1"].managed_tags == {}


@pytest.mark.parametrize(
    ("case", "left"),
    [
        ("keep", {"Animal", "Koala"}),
        ("lower", {"animal", "koala"}),
        ("title", {"Animal", "Koala"}),
    ],
)
def test_lower_case_tags_are_adopted_and_then_spelled_as_the_rules_say(case: str, left: set[str]) -> None:
    fakes = uploaded(f'{ADOPT}threshold = 0.96\ncase = "{case}"\n')

    assert fakes.cloudinary.tags("a1") == {"press", *left}
    assert set(fakes.store.items["a1"].managed_tags) == left and fakes.store.items["a1"].people == {}


def test_an_adopted_lower_case_tag_goes_when_its_label_is_denied() -> None:
    fakes = uploaded(f'{ADOPT}case = "lower"\n')
    decide_again(fakes, f'{ADOPT}case = "lower"\ndeny = ["Tree Trunk"]\n', 1)

    assert fakes.cloudinary.tags("a1") == {"press", "animal", "koala"}


@pytest.mark.parametrize("tags_first", [True, False])
@pytest.mark.parametrize("rules", ["", ADOPT])
def test_lower_case_tags_that_an_update_assigned_later_are_no_persons(rules: str, tags_first: bool) -> None:
    fakes = Fakes(rules) if rules else Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="none", tags=("press",))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(600)
    now = fakes.clock.now()
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, tags=("press", *ASSIGNED))
    told: list[Message] = [
        person(added=ASSIGNED, at=now, by="111"),
        upload(dict(fakes.cloudinary.assets["a1"]), now, "d2"),
    ]
    for message in told if tags_first else reversed(told):
        handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert state.people == {} and set(state.managed_tags) == ({"Animal", "Koala", "Tree Trunk"} if rules else set())
    assert fakes.cloudinary.tags("a1") == {"press", *(state.managed_tags or ASSIGNED)}
    check(fakes, adopted=frozenset(ASSIGNED))


def test_what_was_written_before_cloudinarys_lower_case_tags_were_known_stays_managed() -> None:
    """The labels came alone, so the service wrote its own spelling; the rules can still take that off."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, tags=ASSIGNED)
    now = fakes.clock.now()
    labels = upload(dict(fakes.cloudinary.assets["a1"]), now)
    info = LabelsObserved(labels.asset, labels.categorizations, now, MessageOrigin("info", "i"))
    for message in (info, person(added=ASSIGNED, at=now, by="111")):
        handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {*ASSIGNED, "Animal", "Koala", "Tree Trunk"}
    assert fakes.store.items["a1"].people == {}
    decide_again(fakes, "[defaults]\nthreshold = 1.0\n", 1)
    assert fakes.cloudinary.tags("a1") == {*ASSIGNED}


def test_a_removal_by_a_person_stands_against_the_lower_case_tag_and_the_label() -> None:
    fakes = uploaded()
    fakes.cloudinary.assets["a1"]["tags"] = ["press", "animal"]
    handle(fakes.deps, person(removed=("koala", "tree trunk"), at=fakes.clock.now()), fakes.remaining)
    decide_again(fakes, "[defaults]\nthreshold = 0.5\n", 1)

    assert outcomes(fakes) == {
        "Animal": "present",
        "Koala": "suppressed",
        "Tree Trunk": "suppressed",
        "Wildlife": "kept",
    }
    assert fakes.cloudinary.tags("a1") == {"press", "animal", "Wildlife"}


@pytest.mark.parametrize("added", [("koala",), ("koala", "tree trunk")])
def test_lower_case_tags_that_no_threshold_explains_are_a_persons(added: tuple[str, ...]) -> None:
    fakes = uploaded("[defaults]\nthreshold = 1.0\n", tags=("press",))
    handle(fakes.deps, person(added=added, at=fakes.clock.now()), fakes.remaining)

    assert set(fakes.store.items["a1"].people) == {*added}


@pytest.mark.parametrize("spelled", [("Animal", "Koala", "Tree Trunk"), ASSIGNED])
@pytest.mark.parametrize("op", ["added", "removed"])
def test_the_echo_of_a_write_is_known_whatever_its_case(op: str, spelled: tuple[str, ...]) -> None:
    """Not known: whether Cloudinary lowers the case of tags that its tags call is given."""
    fakes = uploaded(tags=())
    if op == "removed":
        decide_again(fakes, "[defaults]\nthreshold = 1.0\n", 1)
    before = fakes.store.items["a1"]
    now, own = fakes.clock.now(), fakes.cloudinary.own_key
    echo = person(added=spelled, at=now, by=own) if op == "added" else person(removed=spelled, at=now, by=own)
    handle(fakes.deps, echo, fakes.remaining)

    assert fakes.store.items["a1"].people == {} and fakes.store.items["a1"].managed_tags == before.managed_tags
    assert not [audit for audit in fakes.audits.records.values() if audit.trigger.kind == "person"]


def test_tags_that_an_overwrite_assigned_again_in_lower_case_are_cloudinarys() -> None:
    fakes = Fakes()
    fakes.cloudinary.keeps = False
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    assert fakes.cloudinary.tags("a1") == {"Animal", "Koala", "Tree Trunk"}
    fakes.clock.advance(600)
    version = fakes.clock.now() // 1000
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, version=version, tags=("animal", "koala"))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].people == {} and set(fakes.store.items["a1"].managed_tags) == {"Tree Trunk"}
    assert fakes.cloudinary.tags("a1") == {"animal", "koala", "Tree Trunk"}
