"""What is done about a file, by Cloudinary's answer to an upload that may not overwrite."""

from typing import Any

import pytest

from autotag_cli.cloudinary.missing_parts import MissingParts
from autotag_cli.cloudinary.uploading.file_state import FileState
from autotag_cli.cloudinary.uploading.next_step import Mode, PriorState, Step, Version, next_step

BEGAN = 1_791_460_800
SAME, OTHER = "digest", "other"
UNLABELLED = MissingParts(providers=("aws_rek_tagging",))
MODES: tuple[Mode, ...] = ("never", "own", "other", "always")


def there(etag: str, version: int = BEGAN - 1, version_id: str = "v1") -> dict[str, Any]:
    return {"existing": True, "etag": etag, "version": version, "version_id": version_id}


def steps(answer: dict[str, Any], missing: MissingParts = MissingParts(), **known: Any) -> list[Step]:  # noqa: B008 (immutable)
    """Return what is done in each mode."""
    before = PriorState(**({"began": BEGAN} | known))
    return [next_step(mode, answer, SAME, before, missing) for mode in MODES]


def test_what_was_not_there_has_arrived() -> None:
    assert steps({"etag": SAME}) == ["sent"] * 4
    assert steps({"etag": OTHER}) == ["sent"] * 4, "whether it is whole is looked at elsewhere"


def test_the_same_content_has_arrived_and_is_sent_anew_only_where_that_is_asked() -> None:
    assert steps(there(SAME)) == ["found", "found", "found", "replace"]
    assert steps(there(SAME), UNLABELLED) == ["found", "found", "replace", "replace"]


def test_the_same_content_is_not_paid_for_again_for_the_sake_of_a_tag() -> None:
    for missing in (MissingParts(tags=("new",)), MissingParts(labels=("Cat",)), MissingParts(context=("license",))):
        assert steps(there(SAME), missing) == ["found", "found", "found", "replace"]


def test_what_was_uploaded_since_an_overwriting_upload_began_is_its_own() -> None:
    assert steps(there(SAME, BEGAN)) == ["found", "found", "found", "sent"]
    assert steps(there(SAME, BEGAN - 1))[3] == steps(there(SAME, 0))[3] == "replace"
    assert steps(there(SAME, BEGAN), UNLABELLED)[3] == "found", "unless it is not as asked: then another sent it"
    assert steps(there(SAME, BEGAN), began=0)[3] == "replace"


def test_another_content_is_replaced_only_where_that_is_allowed() -> None:
    assert steps(there(OTHER)) == ["left", "refuse", "replace", "replace"]
    assert steps(there(OTHER, BEGAN + 9)) == ["left", "refuse", "replace", "replace"]


def test_what_was_sent_for_this_file_earlier_is_replaced_by_what_it_is_now() -> None:
    assert steps(there(OTHER), arrived=FileState(5, 6, OTHER)) == ["left", "replace", "replace", "replace"]
    assert steps(there(OTHER), arrived=FileState(5, 6, "third")) == ["left", "refuse", "replace", "replace"]


def test_what_arrived_of_a_file_that_changed_meanwhile_is_replaced_in_any_case() -> None:
    assert steps(there(OTHER), arrived=FileState.of_part(OTHER)) == ["replace"] * 4


@pytest.mark.parametrize("now", [there(SAME, BEGAN - 1, "v2"), there(SAME, BEGAN + 5, "v1"), there(SAME, BEGAN, "v2")])
@pytest.mark.parametrize("missing", [UNLABELLED, MissingParts()])
def test_a_replacement_whose_answer_is_lost_shows_in_the_version(now: dict[str, Any], missing: MissingParts) -> None:
    assert steps(now, missing, lost=Version(BEGAN - 1, "v1")) == ["sent"] * 4


def test_a_replacement_that_did_not_arrive_is_made_again() -> None:
    lost = Version.of(there(OTHER))
    assert steps(there(OTHER), lost=lost, arrived=FileState(5, 6, OTHER)) == ["left", "replace", "replace", "replace"]
    assert steps(there(SAME), UNLABELLED, lost=Version.of(there(SAME)))[2:] == ["replace", "replace"]


def test_an_answer_that_does_not_say_its_version_is_of_none() -> None:
    assert Version.of({"version": "soon"}) == Version.of({}) == (0, "")
