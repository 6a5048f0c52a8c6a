"""Tags that an overwrite cleared and that Cloudinary assigned to the newer picture."""

from msgspec.structs import replace

from autotag.domain.state.asset_state import AssetState, Write
from autotag.domain.state.auto_tagging import MOMENT, without_reassigned
from tests.unit.domain.state.auto_tagging.koala_labels import LABELS
from tests.unit.domain.state.state_builders import REF, T0, facts, state

CLEARED = {"Animal": ("animal",), "Koala": ("koala",), "Dog": ("dog",)}


def cleared(*shown: str, at: int = T0 + 1, version: int = 101) -> AssetState:
    """Return the state of a newer picture whose upload cleared Animal and Koala, which were ours; Dog is on it."""
    writes = {"Animal": Write("add", T0, 100), "Koala": Write("add", T0, 100), "Dog": Write("add", T0 + 1, version)}
    known = state(facts=facts(*shown, at=at), managed_tags=CLEARED, writes=writes, asset=replace(REF, version=version))
    return replace(known, categorizations=LABELS)


def test_what_an_overwrite_cleared_and_cloudinary_assigned_since_is_ours_no_more() -> None:
    before, after = cleared("press"), cleared("press", "Animal", "Koala", "Dog", at=T0 + 2)
    assert set(without_reassigned(after, before).managed_tags) == {"Dog"}
    for known in (
        cleared("press", at=T0 + 2),  # they are not there
        cleared("press", "Koala", at=T0 + MOMENT * 2),  # Animal is surer
        replace(after, asset=replace(REF, version=102)),  # of another picture
        replace(after, facts=None),
    ):
        assert without_reassigned(known, before) == known
    seen = cleared("Animal", "press")
    assert set(without_reassigned(after, seen).managed_tags) == {"Animal", "Dog"}  # Koala alone was added since


def test_what_is_shown_with_them_and_was_there_before_does_not_hide_what_was_assigned() -> None:
    before, after = cleared("Wildlife"), cleared("Wildlife", "Animal", "Koala", at=T0 + 2)
    assert set(without_reassigned(after, before).managed_tags) == {"Dog"}
    version = T0 // 1000 + 1
    unseen, seen = replace(cleared(version=version), facts=None), cleared("Animal", "Koala", version=version)
    assert set(without_reassigned(seen, unseen).managed_tags) == {"Dog"}


def test_what_we_wrote_to_the_newer_picture_stays_ours_though_its_label_is_among_them() -> None:
    more = {"Mammal": Write("add", T0 + 1, 101)}
    known = [
        replace(each, managed_tags=each.managed_tags | {"Mammal": ("mammal",)}, writes=each.writes | more)
        for each in (cleared("press"), cleared("press", "Animal", "Koala", "Mammal", at=T0 + 2))
    ]
    assert set(without_reassigned(known[1], known[0]).managed_tags) == {"Dog", "Mammal"}
