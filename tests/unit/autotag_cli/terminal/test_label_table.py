"""The table of labels: nothing is cut off at any width, and it is readable where people read it."""

import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autotag.domain.model.outcome import LabelOutcome, OutcomeKind
from autotag_cli.terminal.label_table import fold_reason, label_table, without_distant_misses

LABELS = (
    LabelOutcome(
        "Electric Guitar",
        "aws_rek_tagging",
        0.7046,
        "kept",
        "auto:guitar",
        0.6,
        'labels."Electric Guitar".threshold',
    ),
    LabelOutcome(
        "Guitar",
        "aws_rek_tagging",
        0.7046,
        "merged",
        "auto:guitar",
        0.7,
        '"Electric Guitar" at 0.7046 gives the same tag',
    ),
    LabelOutcome("Performer", "aws_rek_tagging", 0.5754, "below_threshold", None, 0.7, "defaults.threshold"),
    LabelOutcome("music", None, 0.7046, "parent", "auto:music", None, 'labels."Electric Guitar".parents'),
)


def rendered(labels: tuple[LabelOutcome, ...], width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    with console.capture() as capture:
        console.print(label_table(console, labels))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_a_wide_terminal_has_a_column_for_each_thing() -> None:
    assert rendered(LABELS, 120) == [
        "Label            Confidence, threshold   Outcome          Tag          Reason",
        'Electric Guitar  0.7046 ━━━━━━┃┈┈┈ 0.60  kept             auto:guitar  labels."Electric Guitar".threshold',
        "Guitar           0.7046 ━━━━━━━┃┈┈ 0.70  merged           auto:guitar  "
        '"Electric Guitar" at 0.7046 gives the same tag',
        "Performer        0.5754 ━━━━━┈┈┃┈┈ 0.70  below threshold               defaults.threshold",
        'music            0.7046 ━━━━━━━┈┈┈       parent           auto:music   labels."Electric Guitar".parents',
    ]


def test_at_80_columns_outcome_tag_and_reason_share_one() -> None:
    assert rendered(LABELS, 80) == [
        "Label            Confidence, threshold   Outcome and reason",
        "Electric Guitar  0.7046 ━━━━━━┃┈┈┈ 0.60  kept as auto:guitar",
        '                                         labels."Electric Guitar".threshold',
        "Guitar           0.7046 ━━━━━━━┃┈┈ 0.70  merged as auto:guitar",
        '                                         "Electric Guitar" at 0.7046 gives the',
        "                                         same tag",
        "Performer        0.5754 ━━━━━┈┈┃┈┈ 0.70  below threshold  defaults.threshold",
        "music            0.7046 ━━━━━━━┈┈┈       parent as auto:music",
        '                                         labels."Electric Guitar".parents',
    ]


def test_in_a_narrow_terminal_the_bar_gives_way() -> None:
    assert rendered(LABELS, 60)[:4] == [
        "Label            Confidence     Outcome and reason",
        "Electric Guitar  0.7046 ≥ 0.60  kept as auto:guitar",
        '                                labels."Electric Guitar".',
        "                                threshold",
    ]


def test_in_a_very_narrow_terminal_everything_stands_one_below_the_other() -> None:
    assert rendered(LABELS, 40)[1:4] == [
        "Electric Guitar  0.7046 ≥ 0.60",
        "kept as auto:guitar",
        'labels."Electric Guitar".threshold',
    ]


def test_where_tags_are_spelt_like_their_labels_they_need_no_column() -> None:
    same = LabelOutcome("Cat", "aws_rek_tagging", 0.9, "kept", "Cat", 0.7, "defaults.threshold")

    assert rendered((same,), 200)[1] == "Cat    0.9000 ━━━━━━━┃━┈ 0.70  kept     defaults.threshold"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_provider_is_told_where_there_are_several(width: int) -> None:
    other = LabelOutcome("Cat", "google_tagging", 0.9, "kept", "Cat", 0.7, "defaults.threshold")

    assert "google_tagging" not in "".join(rendered((other,), width))
    assert "google_tagging" in "".join(rendered((*LABELS, other), width))


OUTCOMES: st.SearchStrategy[OutcomeKind] = st.sampled_from(["kept", "merged", "below_threshold", "denied"])
NAMES = st.text("abcdé洞 ", min_size=1, max_size=60)
TOLD = st.builds(
    LabelOutcome,
    NAMES,
    st.sampled_from(["aws_rek_tagging", "google_tagging", None]),
    st.floats(0, 1),
    OUTCOMES,
    st.none() | NAMES,
    st.none() | st.floats(0, 1),
    st.text('abcd". 12', max_size=120),
)


@given(labels=st.lists(TOLD, max_size=4).map(tuple), width=st.integers(36, 180))
def test_nothing_is_ever_cut_off(labels: tuple[LabelOutcome, ...], width: int) -> None:
    lines = rendered(labels, width)

    there = Counter("".join("".join(lines[1:]).split()))
    for label in labels:
        shown = label.label + label.because + label.outcome.replace("_", "")
        shown += label.tag if label.tag and label.tag != label.label else ""
        there.subtract("".join(shown.split()))
    assert min(there.values(), default=0) >= 0


@given(reason=st.text('ab". 12', max_size=80), room=st.integers(1, 40))
def test_folding_changes_nothing_but_white_space(reason: str, room: int) -> None:
    assert "".join(fold_reason(reason, room).plain.split()) == "".join(reason.split())


def test_a_number_is_not_folded_at_its_point() -> None:
    assert fold_reason("at 0.7046 gives", 6).plain == "at\n0.7046\ngives"


def outcome(i: int, word: OutcomeKind = "below_threshold") -> LabelOutcome:
    return LabelOutcome(f"L{i}", "aws_rek_tagging", 0.5, word, None, 0.7, "defaults.threshold")


@pytest.mark.parametrize("misses, shown, hidden", [(0, 1, 0), (4, 5, 0), (5, 4, 2), (40, 4, 37)])
def test_only_near_misses_are_shown_where_there_are_many(misses: int, shown: int, hidden: int) -> None:
    labels = [outcome(-1, "kept"), *(outcome(i) for i in range(misses))]

    kept, left_out = without_distant_misses(labels)

    assert (len(kept), left_out) == (shown, hidden)
