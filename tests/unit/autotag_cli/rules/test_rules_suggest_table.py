"""The table of ``autotag rules suggest`` on terminals of real widths: no label and no number disappears."""

import pytest
from rich.console import Console

from autotag.domain.learning.label_evidence import Example
from autotag.domain.learning.outcome import Interval, Moved, Outcome
from autotag.domain.learning.suggestions import LabelSuggestion, Suggestions
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag_cli.rules.suggest.next_steps import Source, next_commands
from autotag_cli.rules.suggest.table import proposal_table
from autotag_cli.rules.suggest.view import print_suggestions

RULES = parse_rules('name = "acme"\n')
LABELS = {"Dog": (4_860, 0), "Musical Instrument Shop": (0, 12_345), "Person": (1_234_567, 0)}


def proposal(label: str, come: int, go: int) -> LabelSuggestion:
    """Return a proposal whose numbers have as many digits as a large library gives them."""
    share = Interval(0.91, 0.885, 0.934)
    comes, goes = (Moved(number, Interval(0.8 * number, 0.7 * number, 0.9 * number)) for number in (come, go))
    shown = tuple(Example(n, f"a{n}", f"zoo/2026/{n}", 0.9, "sample", True) for n in range(5))
    return LabelSuggestion(
        key=label.lower(), label=label, why="proposed", present=0.7, proposed=0.455,
        said={"sample": (1_041, 1_019), "answer": (0, 0), "edit": (0, 0), "left": (0, 0)},
        not_counted={"only_right": 0, "alone": 0}, counted=2060.0, missing=0, asked_below=100.0, gain=0.2, sure=0.99,
        outcome=Outcome(comes, goes, share, share), precision=share, right=shown, wrong=(),
    )  # fmt: skip


PROPOSALS = tuple(proposal(label, *moves) for label, moves in LABELS.items())


def lines(width: int) -> list[str]:
    """Return the lines of the table on a terminal of this width."""
    out = Console(width=width, force_terminal=True, color_system=None, legacy_windows=False)
    with out.capture() as captured:
        out.print(proposal_table(out, PROPOSALS).table)
    return captured.get().splitlines()


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_every_label_and_number_is_there_at_any_width(width: int) -> None:
    shown = lines(width)
    assert all(len(line) <= width for line in shown) and "…" not in "".join(shown)
    assert {word for label in LABELS for word in label.split()} <= set(" ".join(shown).split())
    rows = [line for line in shown if "→" in line]
    assert len(rows) == 3 and all("0.70 → 0.455" in row for row in rows)
    assert "4,860" in rows[0] and "12,345" in rows[1] and "1,234,567" in rows[2]
    assert all(row.count("91%") == 2 for row in rows)


def test_a_wider_terminal_shows_intervals_and_how_many_are_right() -> None:
    assert "91% (88%-93%)" not in "".join(lines(60)) and "91% (88%-93%)" in "".join(lines(80))
    assert "right of them" not in "".join(lines(80)) and "987,654 (864,197-1,111,110)" in "".join(lines(140))


@pytest.mark.parametrize("width", [30, 40])
def test_on_a_very_narrow_terminal_the_table_has_the_thresholds_alone(width: int) -> None:
    shown = lines(width)
    assert all(len(line) <= width for line in shown) and "…" not in "".join(shown)
    assert shown[0].split() == ["Label", "Threshold"]
    assert {word for label in LABELS for word in label.split()} <= set(" ".join(shown).split())
    assert sum("0.70 → 0.455" in line for line in shown) == 3


def test_what_a_narrow_table_has_no_room_for_is_said_below_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    found = Suggestions(assets=9_000_000, judged=6180, wrong_costs=1.0, min_verdicts=20, labels=PROPOSALS)
    print_suggestions(found, RULES, Ruleset(RULES), next_commands(found, Source("active", (), None, 1.0, 20)))
    text = " ".join(capsys.readouterr().out.split())
    assert "Dog: 4,860 tags come, 3,888 (3,402-4,374) of them right." in text
    assert "right now" not in text
    assert "Dog: 2,060 verdicts, such as right on zoo/2026/0 (0.90), zoo/2026/1 (0.90), zoo/2026/2 (0.90) …." in text
    assert "autotag rules suggest active --stored --out suggested.toml" in text


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("[defaults]\nmax_tags = 20\n", "max_tags is"),
        ('[[when]]\nfolder = "zoo"\nset = { max_tags = 20 }\n', "max_tags is"),
        ('[labels.dog]\nparents = ["Pet"]\n', "parents are"),
        ('[defaults]\nmax_tags = 20\n[labels.Dog]\nparents = ["Pet"]\n', "max_tags and parents are"),
        ('[labels.Cat]\nparents = ["Pet"]\n', ""),
    ],
)
def test_what_makes_the_diff_count_other_tags_is_said(
    rules: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parsed = parse_rules(rules)
    print_suggestions(Suggestions(10, 10, 1.0, 20, PROPOSALS), parsed, Ruleset(parsed), ())

    found = f"Here {said} not taken into account: rules diff counts exactly.\n"
    shown = capsys.readouterr().out
    assert "Dog" in shown and (found in shown if said else "account" not in shown)


def test_what_a_very_narrow_table_leaves_out_is_said_with_its_intervals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    found = Suggestions(assets=9_000_000, judged=6180, wrong_costs=1.0, min_verdicts=20, labels=PROPOSALS)
    print_suggestions(found, RULES, Ruleset(RULES), ())
    text = " ".join(capsys.readouterr().out.split())
    assert "3,888 (3,402-4,374) of them right; right now 91% (88%-93%), then 91% (88%-93%)." in text
    assert "Come, go:" not in text
