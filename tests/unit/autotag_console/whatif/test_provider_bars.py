"""The threshold of a provider, as the workbench moves it."""

from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules_text.edit import set_provider_bars
from tests.unit.autotag_console.whatif.exported_library import ACTIVE, workbench
from tests.unit.autotag_console.whatif.test_whatif import GUITARS, numbers

TWO = ACTIVE.replace("[defaults]\n", '[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]\n')


def test_the_threshold_of_a_provider_is_moved_in_the_text_and_counts_for_its_labels_alone() -> None:
    assert TWO != ACTIVE
    with workbench(GUITARS) as page:
        asked = page.asks(text=TWO)
        page.opened.wait()
        answer = page.asks(text=TWO, providers={"aws_rek_tagging": 0.8})
        other = page.asks(text=answer["text"], providers={"google_tagging": 0.9})

    assert asked["providers"] == {"aws_rek_tagging": 0.7, "google_tagging": 0.7}
    assert "[providers.aws_rek_tagging]\nthreshold = 0.8\n" in answer["text"] and "# as agreed" in answer["text"]
    assert answer["providers"] == {"aws_rek_tagging": 0.8, "google_tagging": 0.7}
    assert numbers(answer)["Guitar"] == ["0", "-1", "+1", "0"] and answer["bars"]["default_threshold"] == 0.7
    assert other["providers"] == {"aws_rek_tagging": 0.8, "google_tagging": 0.9}
    assert numbers(other) == numbers(answer)


def test_with_one_provider_there_is_no_bar_of_it_unless_it_has_one() -> None:
    with workbench(GUITARS) as page:
        assert page.asks(text=ACTIVE)["providers"] == {}
        own = f"{ACTIVE}\n[providers.aws_rek_tagging]\nthreshold = 0.6\n"
        assert page.asks(text=own)["providers"] == {"aws_rek_tagging": 0.6}


def test_a_bar_of_a_provider_that_does_not_exist_is_refused() -> None:
    with workbench(GUITARS) as page:
        assert page.answer(text=TWO, providers={"other": 0.5}).status_code == 400


def test_several_bars_at_once_are_written_beside_a_table_of_one_and_comments_stay() -> None:
    text = f"{TWO}\n[providers.google_tagging] # theirs\nthreshold = 0.9 # strict\n"
    edited = set_provider_bars(text, {"aws_rek_tagging": 0.6, "google_tagging": 0.8})
    own = parse_rules(edited).providers
    assert {name: rule.threshold for name, rule in own.items()} == {"aws_rek_tagging": 0.6, "google_tagging": 0.8}
    assert "[providers.google_tagging] # theirs\nthreshold = 0.8 # strict\n" in edited
