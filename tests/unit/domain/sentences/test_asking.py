"""The command that asks about labels: one that asks something, about those that people miss first."""

from msgspec.structs import replace

from autotag.domain.learning.suggestions import LabelSuggestion, Why
from autotag.domain.learning.verdicts import Kind
from autotag.domain.sentences.suggestions import asking_command

NOTHING: dict[Kind, tuple[int, int]] = {"sample": (0, 0), "answer": (0, 0), "edit": (0, 0), "left": (0, 0)}
DOG = LabelSuggestion(
    key="dog", label="Dog", why="unasked", present=0.7, proposed=None, said=NOTHING,
    not_counted={"only_right": 0, "alone": 0}, counted=0.0, missing=20, asked_below=0.0, gain=0.0, sure=0.0,
    outcome=None, precision=None, right=(), wrong=(),
)  # fmt: skip


def label(name: str, why: Why, answered: int = 0, by_hand: int = 0) -> LabelSuggestion:
    said: dict[Kind, tuple[int, int]] = {**NOTHING, "sample": (answered, 0)}
    return replace(DOG, label=name, why=why, said=said, not_counted={"only_right": by_hand, "alone": 0})


def test_labels_whose_tags_people_add_by_hand_come_first_and_four_are_named() -> None:
    found = [label("Thin", "thin"), label("Unsure", "unsure"), DOG, label("Sea Cow", "thin", by_hand=6), DOG]
    assert asking_command(found) == (
        "autotag review sample --labels 'Sea Cow' --labels Dog --labels Dog --labels Unsure"
    )


def test_where_as_many_as_by_default_are_answered_more_are_asked_for() -> None:
    answered = label("Cat", "unsure", answered=60)
    assert asking_command([answered, DOG]) == "autotag review sample --labels Dog"
    assert asking_command([answered]) == "autotag review sample --labels Cat --per-label 120"
    assert asking_command([replace(answered, said={**NOTHING, "sample": (70, 50)})]).endswith("--per-label 180")


def test_no_question_helps_where_a_threshold_is_proposed_or_fine() -> None:
    assert asking_command([label("Dog", why) for why in ("proposed", "fine", "unwanted")]) == ""
